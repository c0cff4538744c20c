import { Collection, keyOf } from "./collection.ts";
import type { Change, GroupResource, KubeObject } from "./types.ts";
import type { Scope } from "./watch_hub.ts";

/** Every collection under one version counter, as etcd keeps them. */
export class Store {
  readonly #historySize: number;
  readonly #collections = new Map<string, Collection>();
  #version = 1;

  constructor(historySize: number) {
    this.#historySize = historySize;
  }

  /** The version of the newest change. */
  get version(): number {
    return this.#version;
  }

  /** The collection of a resource, made on first use. */
  collection({ group, plural }: GroupResource): Collection {
    const id = `${group}/${plural}`;
    const found = this.#collections.get(id);
    if (found) return found;
    const made = new Collection(this.#historySize);
    this.#collections.set(id, made);
    return made;
  }

  /** The stored object, if any. */
  get(resource: GroupResource, key: string): KubeObject | undefined {
    return this.collection(resource).get(key);
  }

  /** Stores an object under a new version and returns it with that version. */
  put(resource: GroupResource, object: KubeObject): KubeObject {
    const collection = this.collection(resource);
    const key = keyOf(object);
    const previous = collection.get(key);
    const stored = this.#stamped(object);
    const type = previous ? "MODIFIED" : "ADDED";
    const base = { version: this.#version, type, key, object: stored } as const;
    collection.commit(previous ? { ...base, previous } : base);
    return stored;
  }

  /** Removes an object; watchers see its last state under a new version. */
  remove(resource: GroupResource, key: string): KubeObject | undefined {
    const collection = this.collection(resource);
    const previous = collection.get(key);
    if (!previous) return undefined;
    const object = this.#stamped(previous);
    collection.commit({ version: this.#version, type: "DELETED", key, object, previous });
    return object;
  }

  /** Listens to a resource's changes from now on; call the result to stop. */
  subscribe(resource: GroupResource, scope: Scope, listener: (change: Change) => void): () => void {
    return this.collection(resource).hub.subscribe(scope, listener);
  }

  /** Forgets all history, so that every older version is expired. */
  compact(): void {
    for (const { history } of this.#collections.values()) history.compact(this.#version);
  }

  #stamped(object: KubeObject): KubeObject {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    return { ...object, metadata };
  }
}
