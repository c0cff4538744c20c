import { AppError } from "../../core/mod.ts";
import type { Listener, ProxySpec } from "../../proxy/types.ts";
import { chooseAnnouncer } from "./announcer.ts";
import { listenerId } from "./names.ts";
import { placeListener, type RecoveredSlots } from "./placement.ts";
import { staleFlows } from "./stale_flows.ts";
import type { NodeFacts, PlacedListener } from "./types.ts";

interface Owned {
  readonly spec: ProxySpec;
  readonly placed: readonly PlacedListener[];
}

/** What must be looked at again on every node. */
export interface Affected {
  readonly keys: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Key → connection-tracking entries that nobody may follow any more, see `staleFlows`. */
  readonly cleanups: ReadonlyMap<string, readonly string[]>;
}

/** What all nodes together must serve. Pure state: no I/O. */
export class Desired {
  readonly #owned = new Map<string, Owned>();
  readonly #usersOf = new Map<string, Set<string>>();
  readonly #holders = new Map<string, string>();
  readonly #portOwners = new Map<string, string>();
  readonly #recovered = new Map<string, RecoveredSlots>();
  readonly #now: () => number;
  #nodes: ReadonlyMap<string, NodeFacts> = new Map();

  /** @param now Milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get nodes(): ReadonlyMap<string, NodeFacts> {
    return this.#nodes;
  }

  get keys(): Iterable<string> {
    return this.#owned.keys();
  }

  get addresses(): Iterable<string> {
    return this.#usersOf.keys();
  }

  /** Addresses that a key asks for; undefined for unknown keys. */
  addressesOf(key: string): readonly string[] | undefined {
    return this.#owned.get(key)?.spec.addresses;
  }

  placed(key: string): readonly PlacedListener[] {
    return this.#owned.get(key)?.placed ?? [];
  }

  isUsed(address: string): boolean {
    return this.#usersOf.has(address);
  }

  usersOf(address: string): Iterable<string> {
    return this.#usersOf.get(address) ?? [];
  }

  holder(address: string): string | undefined {
    return this.#holders.get(address);
  }

  /** Remembers slot tables of an earlier life until their listener is asked for again. */
  remember(slots: ReadonlyMap<string, RecoveredSlots>): void {
    for (const [id, table] of slots) if (!this.#recovered.has(id)) this.#recovered.set(id, table);
  }

  /** When the next moved slots are due to be forgotten; undefined when none are. */
  nextExpiry(): number | undefined {
    const times = [...this.#owned.values()].flatMap(({ placed }) =>
      placed.filter(({ moved }) => moved.slots.size > 0).map(({ moved }) => moved.until)
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /**
   * Takes a key's newest spec.
   *
   * @throws AppError `conflict` when another key owns one of its ports on the same address.
   */
  put(spec: ProxySpec): Affected {
    this.#checkPorts(spec);
    const before = this.#owned.get(spec.key);
    this.#unlink(spec.key, before);
    const owned = { spec, placed: spec.listeners.map((listener) => this.#place(spec, listener)) };
    this.#owned.set(spec.key, owned);
    this.#link(spec);
    return this.#affected(spec.key, { before, after: owned });
  }

  /** Forgets a key. */
  remove(key: string): Affected {
    const before = this.#owned.get(key);
    this.#unlink(key, before);
    this.#owned.delete(key);
    return this.#affected(key, { before, after: undefined });
  }

  /**
   * Takes the newest facts of all nodes and places everything anew; nothing moves without need.
   * When no node answers, the engine is in trouble rather than all nodes dead: flows stay.
   */
  setNodes(facts: Iterable<NodeFacts>): Affected {
    this.#nodes = new Map([...facts].map((node) => [node.name, node]));
    const cleanups = new Map<string, readonly string[]>();
    const isBlind = [...this.#nodes.values()].every(({ health }) => health === "down");
    for (const [key, { spec, placed: before }] of isBlind ? [] : this.#owned) {
      const placed = spec.listeners.map((listener) => this.#place(spec, listener));
      this.#owned.set(key, { spec, placed });
      cleanups.set(key, staleFlows(before, placed));
    }
    const addresses = new Set(this.#usersOf.keys());
    for (const address of addresses) this.#choose(address);
    return { keys: new Set(this.#owned.keys()), addresses, cleanups };
  }

  #affected(
    key: string,
    { before, after }: { readonly before: Owned | undefined; readonly after: Owned | undefined },
  ): Affected {
    const addresses = new Set([
      ...before?.spec.addresses ?? [],
      ...after?.spec.addresses ?? [],
    ]);
    for (const address of addresses) this.#choose(address);
    const commands = staleFlows(before?.placed ?? [], after?.placed ?? []);
    return { keys: new Set([key]), addresses, cleanups: new Map([[key, commands]]) };
  }

  #checkPorts(spec: ProxySpec): void {
    for (const listener of spec.listeners) {
      const owner = this.#portOwners.get(portOf(listener));
      if (owner !== undefined && owner !== spec.key) {
        throw new AppError(
          `${listener.protocol} port ${listener.port} of ${listener.address} is served for ` +
            `${owner} already, ${spec.key} cannot share it: use another port or address`,
          { kind: "conflict" },
        );
      }
    }
  }

  #link(spec: ProxySpec): void {
    for (const address of spec.addresses) {
      const users = this.#usersOf.get(address) ?? new Set();
      this.#usersOf.set(address, users.add(spec.key));
    }
    for (const listener of spec.listeners) this.#portOwners.set(portOf(listener), spec.key);
  }

  #unlink(key: string, owned: Owned | undefined): void {
    for (const address of owned?.spec.addresses ?? []) {
      const users = this.#usersOf.get(address);
      users?.delete(key);
      if (users?.size === 0) this.#usersOf.delete(address);
    }
    for (const listener of owned?.spec.listeners ?? []) this.#portOwners.delete(portOf(listener));
  }

  #place(spec: ProxySpec, listener: Listener): PlacedListener {
    const id = listenerId(spec.key, listener);
    const before = this.#owned.get(spec.key)?.placed.find((placed) => placed.id === id);
    const recovered = this.#recovered.get(id);
    this.#recovered.delete(id);
    return placeListener({
      id,
      listener,
      before,
      recovered,
      nodes: this.#nodes,
      now: this.#now(),
    });
  }

  #choose(address: string): void {
    const chosen = chooseAnnouncer(address, this.#candidates(address));
    if (chosen === undefined) this.#holders.delete(address);
    else this.#holders.set(address, chosen);
  }

  /** Nodes that suit all Services of the address; where none does, those that suit any. */
  #candidates(address: string): readonly string[] {
    const wishes = [...this.#usersOf.get(address) ?? []].map((key) =>
      this.#owned.get(key)?.spec.announcers.filter((name) =>
        this.#nodes.get(name)?.health === "ready"
      ) ?? []
    );
    const any = [...new Set(wishes.flat())];
    const all = any.filter((name) => wishes.every((wish) => wish.includes(name)));
    return all.length > 0 ? all : any;
  }
}

function portOf({ address, protocol, port }: Listener): string {
  return `${address} ${protocol} ${port}`;
}
