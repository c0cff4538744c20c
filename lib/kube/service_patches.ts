import type { ServiceStatus } from "./types.ts";

/** Finalizer that keeps a Service until its load balancer is gone (KEP-980). */
export const loadBalancerFinalizer = "service.kubernetes.io/load-balancer-cleanup";

/** API path of a Service; `key` is `namespace/name`. */
export function servicePath(key: string): string {
  const [namespace = "", name = ""] = key.split("/");
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`;
}

/** Strategic merge patch: adds the finalizer, leaves others alone, cannot conflict. */
export function addFinalizerPatch(): unknown {
  return { metadata: { finalizers: [loadBalancerFinalizer] } };
}

/** Strategic merge patch: removes only our finalizer. */
export function removeFinalizerPatch(): unknown {
  return { metadata: { "$deleteFromPrimitiveList/finalizers": [loadBalancerFinalizer] } };
}

/** Strategic merge patch: sets an annotation, or removes it. */
export function annotationPatch(name: string, value: string | undefined): unknown {
  return { metadata: { annotations: { [name]: value ?? null } } };
}

/** Strategic merge patch of the status subresource: replaces the addresses, merges conditions. */
export function statusPatch(status: ServiceStatus): unknown {
  const { loadBalancer, conditions } = status;
  return {
    status: {
      loadBalancer: { ingress: loadBalancer?.ingress ?? null },
      ...(conditions === undefined ? {} : { conditions }),
    },
  };
}
