import { formatAddress, parseAddress, tryParseAddress } from "../net/mod.ts";
import { hash32 } from "../core/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import type { AddressView } from "../dispatch/types.ts";
import { IntervalSet } from "./interval_set.ts";
import { describePool } from "./network_pools.ts";
import { sharingConflict, unknownUse } from "./sharing.ts";
import type { AddressUse, CommitResult, Pool } from "./types.ts";

/** How many candidates of a family a view offers. */
const candidates = 4;

/**
 * Who holds which address of one network: the only writer of that fact. Workers propose on a view,
 * `commit` accepts or refuses as a whole, so no address is ever given twice.
 */
export class Ledger {
  readonly #pools: readonly Pool[];
  readonly #used: Readonly<Record<IpFamily, IntervalSet>> = {
    IPv4: new IntervalSet(),
    IPv6: new IntervalSet(),
  };
  readonly #owners = new Map<string, Map<string, AddressUse>>();
  readonly #held = new Map<string, Set<string>>();
  readonly #reserved = new Map<string, string>();
  #version = 0;

  constructor(pools: readonly Pool[]) {
    this.#pools = pools;
  }

  /** The pools, in order of preference. */
  get pools(): readonly Pool[] {
    return this.#pools;
  }

  /** What a key may propose now: O(log n) in the addresses in use. */
  view(key: string): AddressView {
    return {
      version: this.#version,
      held: this.held(key),
      free: { IPv4: this.#candidates(key, "IPv4"), IPv6: this.#candidates(key, "IPv6") },
      pools: this.#pools.filter((pool) => pool.auto).map(describePool),
    };
  }

  /** Every key that holds something. */
  keys(): Iterable<string> {
    return this.#held.keys();
  }

  /** Addresses of a key, in the order in which it got them. */
  held(key: string): readonly string[] {
    return [...(this.#held.get(key) ?? [])];
  }

  /** Gives all of `addresses` (canonical text) to `key`, or none and says why. */
  commit(key: string, addresses: readonly string[], use: AddressUse): CommitResult {
    for (const address of addresses) {
      const refusal = this.#refusal(key, address, use);
      if (refusal !== undefined) return refusal;
    }
    for (const address of addresses) this.#give(key, address, use);
    return { ok: true };
  }

  /**
   * Takes note of an address that a key already has from before a restart, even outside every
   * pool. False when somebody else holds it and the two cannot share.
   */
  restore(key: string, address: string, use: AddressUse): boolean {
    for (const [owner, other] of this.#owners.get(address) ?? []) {
      if (owner !== key && sharingConflict(use, other) !== undefined) return false;
    }
    this.#give(key, address, use);
    return true;
  }

  /** Takes note of an address that the data path already carries for a key, however it is used. */
  adopt(key: string, address: string): void {
    this.#give(key, address, unknownUse);
  }

  /** Releases what `key` holds beyond `addresses`; an empty list releases everything. */
  settle(key: string, addresses: readonly string[]): void {
    for (const address of this.held(key)) {
      if (!addresses.includes(address)) this.#take(key, address);
    }
  }

  /** Marks an address as used by something that is not a Service (a container, a gateway). */
  reserve(address: string, by: string): void {
    this.#reserved.set(address, by);
    this.#mark(address);
  }

  /** Ends a reservation. */
  unreserve(address: string): void {
    if (this.#reserved.delete(address) && !this.#owners.has(address)) this.#unmark(address);
  }

  /** Keys that hold a reserved address: a clash that a person must hear of. */
  clash(address: string): readonly string[] {
    return this.#reserved.has(address) ? [...(this.#owners.get(address)?.keys() ?? [])] : [];
  }

  #candidates(key: string, family: IpFamily): readonly string[] {
    const found: string[] = [];
    const used = this.#used[family];
    for (const { first, last } of this.#pools.filter((p) => p.auto && p.family === family)) {
      for (let turn = 0; turn < candidates && found.length < candidates; turn++) {
        // the name decides where to look first, so a Service made again gets its address again
        const start = first + BigInt(hash32(`${turn}/${key}`)) % (last - first + 1n);
        const gap = used.nextGap(start, last) ?? used.nextGap(first, start);
        if (gap === undefined) break;
        const address = formatAddress({ family, value: gap });
        if (!found.includes(address)) found.push(address);
      }
    }
    return found;
  }

  #refusal(
    key: string,
    address: string,
    use: AddressUse,
  ): CommitResult & { ok: false } | undefined {
    const by = this.#reserved.get(address);
    if (by !== undefined) {
      const message = `address ${address} is used by ${by}: ask for another one`;
      return { ok: false, reason: "in-use", message };
    }
    const owners = this.#owners.get(address);
    for (const [owner, other] of owners ?? []) {
      const conflict = owner === key ? undefined : sharingConflict(use, other);
      if (conflict === undefined) continue;
      const message = `address ${address} belongs to Service ${owner}: ${conflict.remedy}`;
      return { ok: false, reason: conflict.reason, message };
    }
    return owners?.has(key) || this.#inPool(address) ? undefined : this.#outside(address);
  }

  #outside(address: string): CommitResult & { ok: false } {
    const ranges = outermost(this.#pools, parseAddress(address).family).join(", ") || "none";
    const message = `address ${address} is outside every pool (${ranges}): ask for one inside`;
    return { ok: false, reason: "outside", message };
  }

  #inPool(text: string): boolean {
    const address = parseAddress(text);
    return this.#pools.some((pool) =>
      pool.family === address.family && pool.first <= address.value && address.value <= pool.last
    );
  }

  #give(key: string, address: string, use: AddressUse): void {
    this.#version++;
    const owners = this.#owners.get(address) ?? new Map<string, AddressUse>();
    this.#owners.set(address, owners.set(key, use));
    const held = this.#held.get(key) ?? new Set<string>();
    this.#held.set(key, held.add(address));
    this.#mark(address);
  }

  #take(key: string, address: string): void {
    this.#version++;
    const held = this.#held.get(key);
    held?.delete(address);
    if (held?.size === 0) this.#held.delete(key);
    const owners = this.#owners.get(address);
    owners?.delete(key);
    if (owners?.size === 0) {
      this.#owners.delete(address);
      if (!this.#reserved.has(address)) this.#unmark(address);
    }
  }

  #mark(text: string): void {
    const address = tryParseAddress(text);
    if (address !== undefined) this.#used[address.family].add(address.value);
  }

  #unmark(text: string): void {
    const address = tryParseAddress(text);
    if (address !== undefined) this.#used[address.family].remove(address.value);
  }
}

/** What people need to know of the pools of a family: those that no other one contains. */
function outermost(pools: readonly Pool[], family: IpFamily): readonly string[] {
  const same = pools.filter((pool) => pool.family === family);
  const inside = (a: Pool, b: Pool) => a !== b && b.first <= a.first && a.last <= b.last;
  return same.filter((pool) => !same.some((other) => inside(pool, other))).map(describePool);
}
