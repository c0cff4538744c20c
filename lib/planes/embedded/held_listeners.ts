import type { ListenerId } from "./listener_plan.ts";
import type { Server } from "./server.ts";

/** An open listener and the key that it is open for. */
export interface Held {
  readonly key: string;
  readonly server: Pick<Server, "update" | "free" | "end">;
}

/** The listeners that are open, found by their name or by their key: each costs itself alone. */
export class HeldListeners {
  readonly #held = new Map<ListenerId, Held>();
  readonly #byKey = new Map<string, Set<ListenerId>>();

  get(id: ListenerId): Held | undefined {
    return this.#held.get(id);
  }

  /** The key that holds a listener. */
  holder(id: ListenerId): string | undefined {
    return this.#held.get(id)?.key;
  }

  ofKey(key: string): readonly ListenerId[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  all(): readonly ListenerId[] {
    return [...this.#held.keys()];
  }

  add(id: ListenerId, held: Held): void {
    this.take(id);
    this.#held.set(id, held);
    const ids = this.#byKey.get(held.key) ?? new Set<ListenerId>();
    this.#byKey.set(held.key, ids.add(id));
  }

  /** Forgets a listener and hands it out. */
  take(id: ListenerId): Held | undefined {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    this.#held.delete(id);
    const ids = this.#byKey.get(held.key);
    ids?.delete(id);
    if (ids?.size === 0) this.#byKey.delete(held.key);
    return held;
  }
}
