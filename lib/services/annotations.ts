import type { Service } from "../kube/types.ts";

/** Chooses the data plane of a Service: `kernel` or `embedded`. */
export const planeAnnotation = "berth.dev/plane";

/** Addresses asked for, comma separated, at most one of each family. Ours first, then the peers'. */
export const addressAnnotations = [
  "berth.dev/addresses",
  "kube-vip.io/loadbalancerIPs",
  "metallb.io/loadBalancerIPs",
  "metallb.universe.tf/loadBalancerIPs",
] as const;

/** Services with the same value may share an address on different ports. */
export const sharingAnnotations = [
  "berth.dev/allow-shared-ip",
  "metallb.io/allow-shared-ip",
  "metallb.universe.tf/allow-shared-ip",
] as const;

/** CIDRs that may connect, comma separated; `spec.loadBalancerSourceRanges` wins. */
export const sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** An annotation found on a Service. */
export interface Annotation {
  readonly name: string;
  readonly value: string;
}

/** The first of these annotations that a Service carries with a non-empty value. */
export function findAnnotation(
  service: Service,
  names: readonly string[],
): Annotation | undefined {
  for (const name of names) {
    const value = service.metadata.annotations?.[name]?.trim();
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

/** The parts of a comma separated value, trimmed, without empty ones. */
export function splitValues(value: string): readonly string[] {
  return value.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
