import { GATEWAY_GROUP } from "./names.ts";
import type { ReferenceGrant } from "./types.ts";

/** A reference out of an object of the Gateway API. */
export interface CrossReference {
  readonly from: { readonly kind: string; readonly namespace: string };
  /** Of the core group. */
  readonly to: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Tells whether a reference may be followed. */
export type Permits = (reference: CrossReference) => boolean;

/** References within a namespace are allowed; others where a ReferenceGrant says so (GEP-709). */
export function permissions(grants: readonly ReferenceGrant[]): Permits {
  const allowed = new Set(grants.flatMap(grantKeys));
  return (reference) => {
    const { from, to } = reference;
    if (from.namespace === to.namespace) return true;
    return allowed.has(key(reference)) || allowed.has(key({ from, to: { ...to, name: ANY_NAME } }));
  };
}

const ANY_NAME = "*"; // no object may have this name

function grantKeys({ metadata, spec }: ReferenceGrant): readonly string[] {
  const namespace = metadata.namespace ?? "default";
  return spec.from.filter(({ group }) => group === GATEWAY_GROUP).flatMap((from) =>
    spec.to.filter(({ group }) => group === "").map(({ kind, name }) =>
      key({ from, to: { kind, namespace, name: name ?? ANY_NAME } })
    )
  );
}

function key({ from, to }: CrossReference): string {
  return [from.kind, from.namespace, to.kind, to.namespace, to.name].join("/");
}
