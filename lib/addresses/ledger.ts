import { type Address, formatAddress, tryParseAddress } from "../net/mod.ts";
import { hash32 } from "../core/mod.ts";
import type { AddressView } from "../dispatch/types.ts";
import type { IpFamily } from "../proxy/types.ts";
import { Disputes } from "./disputes.ts";
import { coveredBy, describePool } from "./network_pools.ts";
import { PoolSpace } from "./pool_space.ts";
import { RangeOwners } from "./range_owners.ts";
import { FAMILIES } from "./ranges.ts";
import { SharingGroups } from "./sharing_groups.ts";
import { conflictMessage, sharingConflict, unknownUse } from "./sharing.ts";
import type {
  AddressUse,
  CommitResult,
  LedgerConflict,
  LedgerView,
  Pool,
  PoolUsage,
  Proposal,
  Settled,
} from "./types.ts";

/** How many candidates of a family a view offers. */
const candidates = 4;

/** A view of nothing, for those who need none. */
export const emptyView: AddressView = {
  version: 0,
  held: [],
  free: { IPv4: [], IPv6: [] },
  pools: [],
};

type Refusal = CommitResult & { readonly ok: false };

/** Who has an address. Exists as long as anybody does. */
interface Entry {
  readonly address: Address;
  readonly owners: Proposal[];
  reservedBy: string | undefined;
}

/** A text, and the address in it that somebody can hold. */
interface Place {
  readonly text: string;
  readonly address: Address | undefined;
}

/** How a {@link Ledger} judges. */
export interface LedgerOptions {
  /** Whether addresses that no pool has may be committed when they are asked for. */
  readonly outside: "allow" | "refuse";
}

/**
 * Who holds which address: the only writer of that fact. Others propose, on a view or on the ledger
 * itself; `commit` accepts or refuses as a whole against the truth of that moment
 * (compare-and-swap), so no address is ever given twice. Pools are mere views of it: they may
 * overlap, change and go, and what is held stays held.
 */
export class Ledger implements LedgerView {
  #pools: readonly Pool[] = [];
  #outside: LedgerOptions["outside"] = "refuse";
  #spaces = new Map<Pool, PoolSpace>();
  #index = new RangeOwners<PoolSpace>([]);
  readonly #entries = new Map<string, Entry>();
  readonly #held = new Map<string, string[]>();
  /** Addresses that a key says it has though another one holds them. */
  readonly #disputes = new Disputes();
  readonly #shared = new SharingGroups();
  #version = 0;

  constructor(pools: readonly Pool[], options: LedgerOptions = { outside: "refuse" }) {
    this.configure(pools, options);
  }

  /** The pools, in order of preference. */
  get pools(): readonly Pool[] {
    return this.#pools;
  }

  /** Replaces the pools; nobody loses an address by it. O(n) in the addresses held. */
  configure(pools: readonly Pool[], options: LedgerOptions = { outside: this.#outside }): void {
    this.#version++;
    this.#pools = pools;
    this.#outside = options.outside;
    this.#spaces = new Map(pools.map((pool) => [pool, new PoolSpace(pool)]));
    const owned = [...this.#spaces.values()].map((owner) => ({ owner, ranges: owner.pool.ranges }));
    this.#index = new RangeOwners(owned);
    for (const { address } of this.#entries.values()) this.#mark(address);
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

  /** The next address of a pool that nobody has, in the pool's order. */
  free(pool: Pool, family: IpFamily): string | undefined {
    const value = this.#spaces.get(pool)?.pick(family);
    return value === undefined ? undefined : formatAddress({ family, value });
  }

  /** The first address of a pool that this use may share with those that have it; IPv4 only. */
  shareable(pool: Pool, proposal: Proposal): string | undefined {
    const up = pool.order === "ascending";
    const ranges = pool.ranges.filter(({ family }) => family === "IPv4");
    for (const { family, first, last } of up ? ranges : ranges.toReversed()) {
      let [from, to] = [first, last];
      for (;;) {
        const search = { family, from, to, order: pool.order };
        const value = this.#shared.find(proposal.use, search);
        if (value === undefined) break;
        const address = formatAddress({ family, value });
        if (this.obstacle(address, proposal) === undefined) return address;
        if (up) from = value + 1n;
        else to = value - 1n;
      }
    }
    return undefined;
  }

  /** Whether anybody but `key` has the address. */
  taken(address: string, key: string): boolean {
    const entry = this.#entries.get(address);
    return entry !== undefined &&
      (entry.reservedBy !== undefined || entry.owners.some((owner) => owner.key !== key));
  }

  /** Gives all of `addresses` (canonical text) to `key`, or none and says why. */
  commit(key: string, addresses: readonly string[], use: AddressUse): CommitResult {
    const proposal = { key, use };
    const places = addresses.map((text) => this.#place(text));
    for (const place of places) {
      const refusal = this.obstacle(place.text, proposal) ?? this.#outsideOf(place, proposal);
      if (refusal !== undefined) return refusal;
    }
    for (const place of places) this.#give(place, proposal);
    return { ok: true };
  }

  /**
   * Takes note of an address that a key already has from before a restart, even outside every
   * pool. False when somebody else holds it and the two cannot share: then it is disputed, and goes
   * to this key as soon as the other one lets go.
   */
  restore(key: string, address: string, use: AddressUse): boolean {
    const clash = this.#hasRival(address, { key, use });
    if (clash) this.#disputes.add(address, { key, use });
    else this.#give(this.#place(address), { key, use });
    return !clash;
  }

  /** Takes note of an address that the data path already carries for a key, however it is used. */
  adopt(key: string, address: string): void {
    this.#give(this.#place(address), { key, use: unknownUse });
  }

  /**
   * Releases what `key` holds beyond `addresses`; an empty list releases everything. Returns what
   * can be given to others now, and who holds it already.
   */
  settle(key: string, addresses: readonly string[]): Settled {
    this.#disputes.endOthers(key, addresses);
    const gone = (this.#held.get(key) ?? []).filter((address) => !addresses.includes(address));
    for (const address of gone) this.#take(key, address);
    const entries = gone.flatMap((address) => this.#entries.get(address) ?? []);
    return {
      freed: gone.filter((address) => this.offers(address)),
      holders: entries.flatMap(({ owners }) => owners.map((owner) => owner.key)),
    };
  }

  /** Whether an address could be given to somebody: nobody has it, or who has it may share it. */
  offers(address: string): boolean {
    const entry = this.#entries.get(address);
    if (entry === undefined) return holdable(address) !== undefined;
    return entry.reservedBy === undefined &&
      entry.owners.every(({ use }) => use.sharingKey !== "" && use.foreign === undefined);
  }

  /** Takes note of how `key` uses what it holds; true when that leaves room for others. */
  renew(key: string, use: AddressUse): boolean {
    let opens = false;
    for (const address of this.held(key)) {
      const now = this.#entries.get(address)?.owners.find((owner) => owner.key === key)?.use;
      if (now === undefined) continue;
      const isOther = now.sharingKey !== use.sharingKey || now.foreign !== use.foreign;
      if (!isOther && now.ports.join() === use.ports.join()) continue;
      opens ||= isOther || now.ports.some((port) => !use.ports.includes(port));
      this.#give(this.#place(address), { key, use });
    }
    return opens;
  }

  /** Marks an address as used by something that is not a Service (a container, a gateway, a node). */
  reserve(address: string, by: string): void {
    const entry = this.#entry(this.#place(address));
    if (entry !== undefined) entry.reservedBy = by;
  }

  /** Who has an address that is reserved. */
  reservedBy(address: string): string | undefined {
    return this.#entries.get(address)?.reservedBy;
  }

  /** Ends a reservation. */
  unreserve(address: string): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    entry.reservedBy = undefined;
    this.#sweep(address, entry);
  }

  /** Keys that hold a reserved address: a clash that a person must hear of. */
  clash(address: string): readonly string[] {
    const entry = this.#entries.get(address);
    return entry?.reservedBy === undefined ? [] : entry.owners.map(({ key }) => key);
  }

  /** Every address that more than one user claims without being able to share it. */
  conflicts(): readonly LedgerConflict[] {
    const disputed = [...this.#disputes].map(([address, claims]) => ({
      address,
      holders: (this.#entries.get(address)?.owners ?? []).map(({ key }) => key),
      claimants: claims.map(({ key }) => key),
    }));
    const reserved = [...this.#entries].flatMap(([address, { owners, reservedBy }]) =>
      reservedBy === undefined || owners.length === 0
        ? []
        : [{ address, holders: [reservedBy], claimants: owners.map(({ key }) => key) }]
    );
    return [...disputed, ...reserved];
  }

  /** Size and use of every pool, a row for each family that it has. */
  usage(): readonly PoolUsage[] {
    return [...this.#spaces.values()].flatMap((space) =>
      FAMILIES.filter((family) => space.pool.ranges.some((range) => range.family === family))
        .map((family) => space.usage(family))
    );
  }

  /** Keys that hold addresses which no pool has (any more). */
  strays(): readonly { readonly key: string; readonly address: string }[] {
    return [...this.#entries].flatMap(([text, { address, owners }]) =>
      this.#index.at(address.family, address.value).length > 0
        ? []
        : owners.map(({ key }) => ({ key, address: text }))
    );
  }

  /** Why `key` cannot have an address now, whatever the pools; undefined when it can. */
  obstacle(address: string, { key, use }: Proposal): Refusal | undefined {
    const entry = this.#entries.get(address);
    if (entry === undefined) return undefined;
    if (entry.reservedBy !== undefined) {
      const message = `address ${address} is used by ${entry.reservedBy}: ask for another one`;
      return { ok: false, reason: "in-use", message, reserved: true };
    }
    for (const other of entry.owners) {
      const conflict = other.key === key ? undefined : sharingConflict(use, other.use);
      if (conflict === undefined) continue;
      const message = conflictMessage(address, { holder: other.key, asker: key, conflict });
      return { ok: false, reason: conflict.reason, message };
    }
    return undefined;
  }

  #candidates(key: string, family: IpFamily): readonly string[] {
    const found: string[] = [];
    for (const space of this.#spaces.values()) {
      if (!space.pool.auto) continue;
      for (const { first, last } of space.pool.ranges.filter((range) => range.family === family)) {
        for (let turn = 0; turn < candidates && found.length < candidates; turn++) {
          // the name decides where to look first, so a Service made again gets its address again
          const start = first + BigInt(hash32(`${turn}/${key}`)) % (last - first + 1n);
          const value = space.next(family, start, last) ?? space.next(family, first, start);
          if (value === undefined) break;
          const address = formatAddress({ family, value });
          if (!found.includes(address)) found.push(address);
        }
      }
    }
    return found;
  }

  #place(text: string): Place {
    return { text, address: this.#entries.get(text)?.address ?? holdable(text) };
  }

  /** What was chosen must be in a pool at the moment when it is taken: pools may have changed. */
  #outsideOf({ text, address }: Place, { key, use }: Proposal): Refusal | undefined {
    if (address === undefined || (this.#outside === "allow" && use.asked === true)) {
      return undefined;
    }
    if (this.#entries.get(text)?.owners.some((owner) => owner.key === key)) return undefined;
    if (this.#index.at(address.family, address.value).length > 0) return undefined;
    const ranges = coveredBy(this.#pools, address.family);
    const message = `address ${text} is outside every pool (${ranges}): ask for one inside`;
    return { ok: false, reason: "outside", message };
  }

  #give(place: Place, proposal: Proposal): void {
    const { text } = place;
    const { key, use } = proposal;
    this.#version++;
    this.#disputes.end(text, key);
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, [text]);
    else if (!held.includes(text)) held.push(text);
    const entry = this.#entry(place);
    if (entry === undefined) return;
    const { owners, address: { family, value } } = entry;
    const at = owners.findIndex((owner) => owner.key === key);
    const [before] = at < 0 ? [] : owners.splice(at, 1);
    if (before !== undefined) {
      this.#shared.remove(entry.address, before.use, owners.map((owner) => owner.use));
    }
    owners.push(proposal);
    this.#shared.add(family, value, use);
  }

  #take(key: string, text: string): void {
    this.#version++;
    const held = this.#held.get(key) ?? [];
    if (held.length === 1) this.#held.delete(key);
    else held.splice(held.indexOf(text), 1);
    const entry = this.#entries.get(text);
    if (entry === undefined) return;
    const at = entry.owners.findIndex((owner) => owner.key === key);
    const [before] = at < 0 ? [] : entry.owners.splice(at, 1);
    if (before !== undefined) {
      this.#shared.remove(entry.address, before.use, entry.owners.map((owner) => owner.use));
    }
    this.#inherit(text);
    this.#sweep(text, entry);
  }

  /** Who claimed an address in vain gets it when nobody is in the way any more. */
  #inherit(text: string): void {
    for (const claim of this.#disputes.at(text)) {
      // also while a node has it: who has it already keeps it
      if (!this.#hasRival(text, claim)) this.#give(this.#place(text), claim);
    }
  }

  #hasRival(text: string, { key, use }: Proposal): boolean {
    const owners = this.#entries.get(text)?.owners ?? [];
    return owners.some((other) =>
      other.key !== key && sharingConflict(use, other.use) !== undefined
    );
  }

  /** The entry of an address, made when there is none; undefined for what nobody can hold. */
  #entry({ text, address }: Place): Entry | undefined {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    if (address === undefined) return undefined;
    const entry: Entry = { address, owners: [], reservedBy: undefined };
    this.#entries.set(text, entry);
    this.#mark(address);
    return entry;
  }

  #sweep(text: string, entry: Entry): void {
    if (entry.owners.length > 0 || entry.reservedBy !== undefined) return;
    this.#entries.delete(text);
    const { family, value } = entry.address;
    for (const space of this.#index.at(family, value)) space.release(family, value);
  }

  #mark({ family, value }: Address): void {
    for (const space of this.#index.at(family, value)) space.take(family, value);
  }
}

/** The address of a text; undefined for host names and for the stand-ins for DHCP. */
function holdable(text: string): Address | undefined {
  const address = tryParseAddress(text);
  return address?.value === 0n ? undefined : address;
}
