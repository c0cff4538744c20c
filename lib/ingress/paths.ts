import type { PathMatch } from "../proxy/types.ts";
import type { Ingress, IngressPath } from "./types.ts";

/**
 * A path as the proxy matches it. `Prefix` goes by path elements and a slash at its end says
 * nothing (`networking.k8s.io/v1` PathType); `ImplementationSpecific` is a prefix here.
 *
 * @example
 * ```ts
 * import { pathMatch } from "./paths.ts";
 * const match = pathMatch({ path: "/shop/", pathType: "Prefix", backend: {} });
 * if (match.value !== "/shop") throw new Error(match.value);
 * ```
 */
export function pathMatch({ path, pathType }: IngressPath): PathMatch {
  const value = path === undefined || path === "" ? "/" : path;
  if (pathType === "Exact") return { kind: "exact", value };
  return { kind: "prefix", value: value.replace(/\/+$/, "") || "/" };
}

/** Exact before prefix, longer before shorter; for `toSorted`. */
export function byPrecedence(a: PathMatch, b: PathMatch): number {
  if (a.kind !== b.kind) return a.kind === "exact" ? -1 : 1;
  return b.value.length - a.value.length || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
}

/** Older Ingresses win; then by namespace and name. */
export function byAge(a: Ingress, b: Ingress): number {
  const [left, right] = [ageKey(a), ageKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function ageKey({ metadata }: Ingress): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.namespace}/${metadata.name}`;
}
