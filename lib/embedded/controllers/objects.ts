import { notFound, unknownPath } from "../api_error.ts";
import { keyOf } from "../collection.ts";
import type { JsonObject } from "../json.ts";
import type { Registry } from "../registry.ts";
import type { Change, GroupResource, KubeObject, ObjectMeta, ResourceRow } from "../types.ts";
import { createObject } from "../write_create.ts";
import { deleteObject, type DeleteOptions } from "../write_delete.ts";
import { updateObject } from "../write_update.ts";
import { splitKey } from "./key_groups.ts";

/** What a controller creates: metadata without what the server fills in. */
export type NewObject = {
  readonly metadata: Partial<ObjectMeta>;
  readonly [key: string]: KubeObject[string] | Partial<ObjectMeta>;
};

/** One resource as a controller uses it. */
export class Objects {
  readonly #registry: Registry;
  readonly #row: ResourceRow;

  constructor(registry: Registry, resource: GroupResource) {
    const row = registry.find(resource);
    if (!row) throw unknownPath();
    this.#registry = registry;
    this.#row = row;
  }

  /** The object of a key. */
  get(key: string): KubeObject | undefined {
    return this.#registry.store.get(this.#row, key);
  }

  /** The objects of keys, without those that are gone. */
  getAll(keys: Iterable<string>): readonly KubeObject[] {
    return [...keys].map((key) => this.get(key)).filter((object) => object !== undefined);
  }

  /** Every object in key order. */
  all(): Iterable<KubeObject> {
    return this.#registry.collection(this.#row).objects();
  }

  /** Creates an object. */
  create(namespace: string | undefined, object: NewObject): KubeObject {
    return createObject(this.#registry, this.#row, { namespace, object: object as KubeObject });
  }

  /** Changes an object; nothing happens when it is gone. */
  update(key: string, change: (object: KubeObject) => KubeObject): void {
    if (this.get(key)) updateObject(this.#registry, this.#row, { ...this.#ref(key), change });
  }

  /** Replaces the status of an object; nothing happens when it is gone. */
  setStatus(key: string, status: JsonObject): void {
    if (!this.get(key)) return;
    updateObject(this.#registry, this.#row, {
      ...this.#ref(key),
      subresource: "status",
      change: (object) => ({ ...object, status }),
    });
  }

  /** Deletes an object; nothing happens when it is gone. */
  delete(key: string, options: DeleteOptions = {}): void {
    if (this.get(key)) deleteObject(this.#registry, this.#row, { ...options, ...this.#ref(key) });
  }

  /** Hears of every object there is and of every change from now on. */
  follow(listener: (change: Change) => void): () => void {
    const { store } = this.#registry;
    for (const object of [...this.all()]) {
      listener({ version: store.version, type: "ADDED", key: keyOf(object), object });
    }
    return store.subscribe(this.#row, {}, listener);
  }

  /** @throws {ApiError} 404 */
  require(key: string): KubeObject {
    const object = this.get(key);
    if (!object) throw notFound(this.#row, splitKey(key).name);
    return object;
  }

  #ref(key: string): { readonly namespace: string | undefined; readonly name: string } {
    const { namespace, name } = splitKey(key);
    return { namespace: this.#row.namespaced ? namespace : undefined, name };
  }
}
