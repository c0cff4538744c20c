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
  // two places would announce it
  if (a.foreign !== b.foreign) {
    return { reason: "in-use", remedy: "another controller serves that one: ask for another one" };
  }
  const portless = a.ports.length === 0 || b.ports.length === 0;
  if (a.sharingKey === "" || a.sharingKey !== b.sharingKey || portless) {
    return {
      reason: "in-use",
      remedy: "ask for another one, or set the same berth.dev/allow-shared-ip on both " +
        "(and the same externalTrafficPolicy; where that is Local, the same selector, too)",
    };
  }
  if (a.plane !== undefined && b.plane !== undefined && a.plane !== b.plane) {
    return {
      reason: "in-use",
      remedy: `planes ${a.plane} and ${b.plane} cannot share it: give both the same ` +
        "berth.dev/plane, or ask for another one",
    };
  }
  const both = a.ports.filter((port) => b.ports.includes(port));
  return both.length === 0 ? undefined : {
    reason: "port-conflict",
    remedy: `port ${both.join(", ")} is taken there: use other ports or another address`,
  };
}

/** Who holds an address that `asker` wants, and what helps; keys as the ledger has them. */
export function conflictMessage(
  address: string,
  { holder, asker, conflict }: {
    readonly holder: string;
    readonly asker: string;
    readonly conflict: SharingConflict;
  },
): string {
  // the address of a Gateway or of Ingresses is theirs alone, whatever a Service is annotated with
  const isShareable = !isProxyOfRoutes(holder, asker) && !isProxyOfRoutes(asker, holder);
  const remedy = isShareable ? conflict.remedy : "ask for another one";
  return `address ${address} belongs to ${holderName(holder, asker)}: ${remedy}`;
}

function holderName(holder: string, asker: string): string {
  if (!isProxyOfRoutes(holder, asker)) return `Service ${holder}`;
  const [cluster, , namespace, name] = holder.split("/");
  return name === undefined ? `the Ingresses of ${cluster}` : `Gateway ${namespace}/${name}`;
}

/**
 * True for `<cluster>/gateway/<namespace>/<name>` and `<cluster>/ingress`. A key without cluster
 * may be that of a Service "ingress", which stands beside keys of two parts alone.
 */
function isProxyOfRoutes(key: string, other: string): boolean {
  const parts = key.split("/");
  const hasClusters = other.split("/").length > 2;
  return parts[1] === "gateway" ? parts.length === 4 : hasClusters && key === `${parts[0]}/ingress`;
}
