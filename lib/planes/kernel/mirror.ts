import type { ListenerChange } from "./listener_diff.ts";
import { parseListenerId } from "./names.ts";
import type { Recovered } from "./recover.ts";
import type { HeldListener } from "./types.ts";

/** What a node holds, as far as our own commands and its answers tell. */
export class NodeMirror {
  readonly #listeners = new Map<string, HeldListener>();
  readonly #idsOf = new Map<string, Set<string>>();
  /** Keys of an earlier life that nobody has asked for yet. */
  readonly leftovers = new Set<string>();
  /** Addresses in our sets. */
  readonly known = new Set<string>();
  /** Addresses of ours on the interface. */
  readonly onDevice = new Set<string>();
  /** Text that made the fixed part; undefined: there are no tables; "" : of an earlier life. */
  base: string | undefined;

  /** A mirror of what an earlier life left. */
  static adopt(recovered: Recovered, singles: readonly string[]): NodeMirror {
    const mirror = new NodeMirror();
    for (const held of recovered.listeners.values()) mirror.#set(held);
    for (const key of mirror.#idsOf.keys()) mirror.leftovers.add(key);
    for (const address of recovered.addresses) mirror.known.add(address);
    for (const address of singles) {
      if (recovered.addresses.has(address)) mirror.onDevice.add(address);
    }
    return mirror;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0 && this.known.size === 0;
  }

  get size(): number {
    return this.#listeners.size;
  }

  listenersOf(key: string): readonly HeldListener[] {
    return [...this.#idsOf.get(key) ?? []].flatMap((id) => this.#listeners.get(id) ?? []);
  }

  /** Addresses that a key's listeners use here. */
  addressesOf(key: string): readonly string[] {
    const addresses = [...this.#idsOf.get(key) ?? []].map((id) => parseListenerId(id)?.address);
    return [...new Set(addresses.filter((address) => address !== undefined))].sort();
  }

  /** Keys of an earlier life that use an address. */
  leftoversAt(address: string): readonly string[] {
    return [...this.leftovers].filter((key) => this.addressesOf(key).includes(address));
  }

  commit({ id, held }: ListenerChange): void {
    if (held !== undefined) return this.#set(held);
    this.#listeners.delete(id);
    const key = keyOf(id);
    const ids = this.#idsOf.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsOf.delete(key);
  }

  #set(held: HeldListener): void {
    this.#listeners.set(held.id, held);
    const key = keyOf(held.id);
    const ids = this.#idsOf.get(key) ?? new Set();
    this.#idsOf.set(key, ids.add(held.id));
  }
}

function keyOf(id: string): string {
  return parseListenerId(id)?.key ?? id;
}
