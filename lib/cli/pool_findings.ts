import { addressUse, sharingConflict } from "../addresses/mod.ts";
import type { Service } from "../kube/types.ts";
import type { ConflictRow, PendingRow } from "./pools_view.ts";

/** A Service under the name that people know it by. */
export interface NamedService {
  readonly key: string;
  readonly service: Service;
}

/** What the status of Services tells of addresses: who waits, and who has one that others have. */
export function serviceFindings(
  services: readonly NamedService[],
): { readonly pending: readonly PendingRow[]; readonly conflicts: readonly ConflictRow[] } {
  const balanced = services.filter(({ service }) => service.spec.type === "LoadBalancer");
  return {
    pending: balanced.filter(({ service }) => addressesOf(service).length === 0).map(pendingRow),
    conflicts: conflictsOf(balanced),
  };
}

function pendingRow({ key, service }: NamedService): PendingRow {
  const serving = service.status?.conditions?.find(({ type }) => type === "berth.dev/Serving");
  const { loadBalancerClass } = service.spec;
  const why = loadBalancerClass === undefined ? "" : ` (loadBalancerClass ${loadBalancerClass})`;
  return { service: key, reason: serving?.message ?? `nobody gave it an address yet${why}` };
}

function conflictsOf(services: readonly NamedService[]): readonly ConflictRow[] {
  const holders = new Map<string, NamedService[]>();
  for (const named of services) {
    for (const address of addressesOf(named.service)) {
      const others = holders.get(address) ?? [];
      others.push(named);
      holders.set(address, others);
    }
  }
  return [...holders].filter(([, all]) => !canShare(all)).map(([address, all]) => ({
    address,
    claimedBy: all.map(({ key }) => key),
  }));
}

function canShare(services: readonly NamedService[]): boolean {
  const uses = services.map(({ service }) => addressUse(service));
  return uses.every((a, i) => uses.slice(i + 1).every((b) => sharingConflict(a, b) === undefined));
}

function addressesOf({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}
