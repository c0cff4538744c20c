import type { KubeObject } from "../kube/types.ts";
import type { NamespacedName } from "./plan_types.ts";

/** API group of Gateways and routes. */
export const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** Where an object lives; objects without a namespace count as `default`. */
export function nameOf({ metadata }: KubeObject): NamespacedName {
  return { namespace: metadata.namespace ?? "default", name: metadata.name };
}

/** `namespace/name`. */
export function pathOf({ namespace, name }: NamespacedName): string {
  return `${namespace}/${name}`;
}

/** For sorting: older objects first, then by namespace and name (GEP-713, HTTPRoute precedence). */
export function byAge(a: KubeObject, b: KubeObject): number {
  return compareText(created(a), created(b)) || compareText(pathOf(nameOf(a)), pathOf(nameOf(b)));
}

/** For sorting by code units, whatever the machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function created({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? "9"; // not stored yet: the youngest
}
