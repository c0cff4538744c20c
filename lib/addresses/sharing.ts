import type { AddressUse } from "./types.ts";

/** Why two Services cannot share an address, and what helps. */
export interface SharingConflict {
  readonly reason: "in-use" | "port-conflict";
  readonly remedy: string;
}

/** Stands for a use that is not known yet: it is in nobody's way. */
export const unknownUse: AddressUse = { ports: [], sharingKey: "*" };

/**
 * Whether two users of one address get in each other's way; undefined when they may share it.
 * Rule as in MetalLB's `allow-shared-ip`: same non-empty key, different ports. A Service without
 * ports shares with nobody, as it would take them all.
 *
 * @example
 * ```ts
 * import { sharingConflict } from "./sharing.ts";
 * const web = { ports: ["TCP/80"], sharingKey: "edge" };
 * if (sharingConflict(web, { ports: ["UDP/80"], sharingKey: "edge" })) throw new Error("may share");
 * ```
 */
export function sharingConflict(a: AddressUse, b: AddressUse): SharingConflict | undefined {
  if (a === unknownUse || b === unknownUse) return undefined;
  const portless = a.ports.length === 0 || b.ports.length === 0;
  if (a.sharingKey === "" || a.sharingKey !== b.sharingKey || portless) {
    return {
      reason: "in-use",
      remedy: "ask for another one, or set the same berth.dev/allow-shared-ip on both " +
        "(and the same selector, where externalTrafficPolicy is Local)",
    };
  }
  const both = a.ports.filter((port) => b.ports.includes(port));
  return both.length === 0 ? undefined : {
    reason: "port-conflict",
    remedy: `port ${both.join(", ")} is taken there: use other ports or another address`,
  };
}
