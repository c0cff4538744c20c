import type { ParentReference, Route } from "../../gateway/types.ts";
import { GATEWAY_GROUP } from "./gateway_kinds.ts";

/** A route's parent, or a ListenerSet's: `Gateway/shop/web`; undefined for other kinds. */
export function parentKey(ref: ParentReference, home: string | undefined): string | undefined {
  const { group = GATEWAY_GROUP, kind = "Gateway", namespace = home ?? "default", name } = ref;
  if (group !== GATEWAY_GROUP || (kind !== "Gateway" && kind !== "ListenerSet")) return undefined;
  return `${kind}/${namespace}/${name}`;
}

/** Every parent that a route names, each once. */
export function parentsOf({ metadata, spec }: Route): ReadonlySet<string> {
  const refs = spec.parentRefs ?? [];
  return new Set(refs.flatMap((ref) => parentKey(ref, metadata.namespace) ?? []));
}

/** True when two references name the same place, defaults and all. */
export function sameParent(a: ParentReference, b: ParentReference, home?: string): boolean {
  return parentKey(a, home) === parentKey(b, home) && parentKey(a, home) !== undefined &&
    a.sectionName === b.sectionName && a.port === b.port;
}
