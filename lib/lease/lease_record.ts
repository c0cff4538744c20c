import * as v from "valibot";
import { AppError } from "../core/mod.ts";
import type { LeaseRecord, LeaseSettings } from "./types.ts";

const lease = v.object({
  metadata: v.object({ resourceVersion: v.string() }),
  spec: v.optional(
    v.object({
      holderIdentity: v.nullish(v.string(), ""),
      leaseDurationSeconds: v.nullish(v.number(), 0),
      leaseTransitions: v.nullish(v.number(), 0),
    }),
    {},
  ),
});

/** Path of the collection that holds the Lease. */
export function leasesPath({ namespace }: LeaseSettings): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}

/** Path of the Lease itself. */
export function leasePath(settings: LeaseSettings): string {
  return `${leasesPath(settings)}/${encodeURIComponent(settings.name)}`;
}

/** Reads a Lease. Throws AppError `unavailable` for other JSON. */
export function readLease(raw: unknown): LeaseRecord {
  const result = v.safeParse(lease, raw);
  if (!result.success) {
    const message = "the API server sent a Lease that cannot be read: check what answers there";
    throw new AppError(message, { kind: "unavailable" });
  }
  const { metadata, spec } = result.output;
  return {
    resourceVersion: metadata.resourceVersion,
    holder: spec.holderIdentity,
    durationMs: spec.leaseDurationSeconds * 1000,
    transitions: spec.leaseTransitions,
  };
}

/** A new Lease, held by `identity`. */
export function newLease(settings: LeaseSettings, identity: string, now: number): unknown {
  const { name, namespace } = settings;
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace },
    spec: { ...held(settings, identity, now), acquireTime: microTime(now), leaseTransitions: 0 },
  };
}

/** Merge patch by which `identity` takes a free Lease; refused when somebody was quicker. */
export function takePatch(
  before: LeaseRecord,
  settings: LeaseSettings,
  { identity, now }: { readonly identity: string; readonly now: number },
): unknown {
  const leaseTransitions = before.transitions + 1;
  return {
    metadata: { resourceVersion: before.resourceVersion },
    spec: { ...held(settings, identity, now), acquireTime: microTime(now), leaseTransitions },
  };
}

/** Merge patch by which the holder says that it is still there. */
export function renewPatch(resourceVersion: string, now: number): unknown {
  return { metadata: { resourceVersion }, spec: { renewTime: microTime(now) } };
}

/** Merge patch by which the holder leaves, so that nobody has to wait (client-go's release). */
export function releasePatch(resourceVersion: string, now: number): unknown {
  return {
    metadata: { resourceVersion },
    spec: { holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(now) },
  };
}

/** When the Lease may be taken, in milliseconds; `observedAt` is when it was seen to change. */
export function freeAt(record: LeaseRecord, identity: string, observedAt: number): number {
  // own clock and own observation alone: clocks of different machines differ
  return record.holder === "" || record.holder === identity ? 0 : observedAt + record.durationMs;
}

function held({ leaseDurationMs }: LeaseSettings, identity: string, now: number) {
  return {
    holderIdentity: identity,
    // rounded down, others could take it while its holder still counts on it
    leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
    renewTime: microTime(now),
  };
}

/** `meta/v1` MicroTime. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}
