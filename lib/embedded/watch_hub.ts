import type { Change } from "./types.ts";

/** What a subscriber wants to hear of: all, one namespace, or one key. */
export interface Scope {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

type Listener = (change: Change) => void;

/** The key of an object in its collection; cluster-scoped objects have an empty namespace. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

function groupOf({ namespace, name }: Scope): string {
  if (name !== undefined && namespace !== undefined) return `key ${objectKey(namespace, name)}`;
  return namespace === undefined ? "all" : `namespace ${namespace}`;
}

/** Tells each change only to those whose scope holds it: cost is that of the receivers. */
export class WatchHub {
  readonly #groups = new Map<string, Set<Listener>>();

  /** Listens until the returned function is called. */
  subscribe(scope: Scope, listener: Listener): () => void {
    const name = groupOf(scope);
    const group = this.#groups.get(name) ?? new Set();
    this.#groups.set(name, group);
    group.add(listener);
    return () => {
      group.delete(listener);
      if (group.size === 0 && this.#groups.get(name) === group) this.#groups.delete(name);
    };
  }

  /** Tells a change to the listeners of its key, its namespace and of all. */
  publish(change: Change): void {
    const namespace = change.key.slice(0, change.key.indexOf("/"));
    for (const name of ["all", `namespace ${namespace}`, `key ${change.key}`]) {
      for (const listener of [...(this.#groups.get(name) ?? [])]) listener(change);
    }
  }

  /** How many listeners there are. */
  get size(): number {
    let size = 0;
    for (const group of this.#groups.values()) size += group.size;
    return size;
  }
}
