import type { IpFamily } from "../proxy/types.ts";
import { IntervalSet } from "./interval_set.ts";
import type { AddressUse } from "./types.ts";

/** The addresses of one sharing key, and those of them that are busy on a port. */
interface Group {
  readonly all: Record<IpFamily, IntervalSet>;
  readonly busy: Map<string, Record<IpFamily, IntervalSet>>;
}

/** Where a search for an address to share goes. */
export interface ShareSearch {
  readonly family: IpFamily;
  readonly from: bigint;
  readonly to: bigint;
  readonly order: "ascending" | "descending";
}

/**
 * Which addresses are used under which sharing key and port, so that one to share is found without
 * looking at every Service: runs of busy addresses are jumped over, one look-up for each port.
 */
export class SharingGroups {
  readonly #groups = new Map<string, Group>();

  /** Notes that an address is used so; a use without a key cannot be shared. */
  add(family: IpFamily, value: bigint, { sharingKey, ports }: AddressUse): void {
    if (sharingKey === "") return;
    const group = this.#groups.get(sharingKey) ?? { all: bothFamilies(), busy: new Map() };
    this.#groups.set(sharingKey, group);
    group.all[family].add(value);
    for (const port of ports) {
      const busy = group.busy.get(port) ?? bothFamilies();
      group.busy.set(port, busy);
      busy[family].add(value);
    }
  }

  /** Forgets a use of an address; `others` are the uses that remain there. */
  remove(
    { family, value }: { readonly family: IpFamily; readonly value: bigint },
    { sharingKey, ports }: AddressUse,
    others: readonly AddressUse[],
  ): void {
    const group = this.#groups.get(sharingKey);
    if (group === undefined) return;
    const same = others.filter((other) => other.sharingKey === sharingKey);
    if (same.length === 0) group.all[family].remove(value);
    for (const port of ports) {
      if (!same.some((other) => other.ports.includes(port))) {
        group.busy.get(port)?.[family].remove(value);
      }
    }
    if (
      same.length === 0 && group.all.IPv4.first() === undefined &&
      group.all.IPv6.first() === undefined
    ) this.#groups.delete(sharingKey);
  }

  /** The first address of the key, in order, on which none of the ports is busy. */
  find({ sharingKey, ports }: AddressUse, search: ShareSearch): bigint | undefined {
    const group = this.#groups.get(sharingKey);
    if (group === undefined || ports.length === 0) return undefined;
    const { family, from, to, order } = search;
    const up = order === "ascending";
    const all = group.all[family];
    const busy = ports.flatMap((port) => group.busy.get(port)?.[family] ?? []);
    let at = up ? all.next(from) : all.previous(to);
    while (at !== undefined && from <= at && at <= to) {
      const value = at;
      const run = busy.find((set) => set.has(value));
      if (run === undefined) return value;
      at = up ? all.next(run.endOf(value) + 1n) : all.previous(run.startOf(value) - 1n);
    }
    return undefined;
  }
}

function bothFamilies(): Record<IpFamily, IntervalSet> {
  return { IPv4: new IntervalSet(), IPv6: new IntervalSet() };
}
