import { History } from "./history.ts";
import { SortedKeys } from "./sorted_keys.ts";
import type { Change, KubeObject } from "./types.ts";
import { objectKey, WatchHub } from "./watch_hub.ts";

/** All objects of one resource, in key order, with their recent history and watchers. */
export class Collection {
  readonly history: History;
  readonly hub = new WatchHub();
  readonly #objects = new Map<string, KubeObject>();
  readonly #keys = new SortedKeys();

  constructor(historySize: number) {
    this.history = new History(historySize);
  }

  /** How many objects there are. */
  get size(): number {
    return this.#objects.size;
  }

  /** The object of a key. */
  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** The keys of a namespace (all without one) after a key, in order. */
  keys(namespace: string | undefined, after = ""): Generator<string> {
    return this.#keys.range(namespace === undefined ? "" : `${namespace}/`, after);
  }

  /** The objects of a namespace, or all, in key order. */
  *objects(namespace?: string): Generator<KubeObject> {
    for (const key of this.keys(namespace)) {
      const object = this.#objects.get(key);
      if (object) yield object;
    }
  }

  /** Stores a change, remembers it and tells the watchers. */
  commit(change: Change): void {
    const { key, type, object } = change;
    if (type === "DELETED") {
      this.#objects.delete(key);
      this.#keys.delete(key);
    } else {
      this.#objects.set(key, object);
      if (type === "ADDED") this.#keys.add(key);
    }
    this.history.push(change);
    this.hub.publish(change);
  }
}

/** The key of an object in its collection. */
export function keyOf(object: KubeObject): string {
  return objectKey(object.metadata.namespace, object.metadata.name);
}
