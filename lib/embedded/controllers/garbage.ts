import { keyOf } from "../collection.ts";
import type { Registry } from "../registry.ts";
import type { Change, KubeObject, ResourceRow } from "../types.ts";
import { deleteObject } from "../write_delete.ts";
import { updateObject } from "../write_update.ts";
import { KeyGroups, ownerGroups, splitKey } from "./key_groups.ts";
import { WorkSet } from "./work_set.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

interface Dependent {
  readonly row: ResourceRow;
  readonly object: KubeObject;
}

/** Deletes what lost its owners, and lets owners go that wait for their dependents. */
class GarbageCollector {
  readonly #registry: Registry;
  readonly #rows: readonly ResourceRow[];
  readonly #byOwner = new Map<ResourceRow, KeyGroups>();
  readonly #owners = new Map<string, Dependent>();
  readonly #work = new WorkSet((uid) => this.#reconcile(uid));
  readonly #stops: readonly (() => void)[];

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#rows = registry.rows.filter((row) => !row.storedAs);
    this.#stops = this.#rows.map((row) => this.#follow(row));
  }

  stop(): void {
    this.#work.stop();
    for (const stop of this.#stops) stop();
  }

  #follow(row: ResourceRow): () => void {
    const index = new KeyGroups(ownerGroups);
    this.#byOwner.set(row, index);
    const heard = (change: Change) => {
      index.observe(change);
      this.#changed(row, change);
    };
    for (const object of this.#registry.collection(row).objects()) {
      heard({ version: 0, type: "ADDED", key: keyOf(object), object });
    }
    return this.#registry.store.subscribe(row, {}, heard);
  }

  #changed(row: ResourceRow, { type, object }: Change): void {
    const uid = object.metadata.uid ?? "";
    if (type === "DELETED") this.#owners.delete(uid);
    else this.#owners.set(uid, { row, object });
    if (type === "DELETED" || object.metadata.deletionTimestamp !== undefined) this.#work.mark(uid);
    for (const owner of ownerGroups(object)) {
      // an owner that is gone or waits in the foreground wants to hear of its dependents
      const held = this.#owners.get(owner)?.object.metadata.finalizers?.includes(FOREGROUND);
      if (held === true || (type === "ADDED" && !this.#owners.has(owner))) this.#work.mark(owner);
    }
  }

  #dependents(uid: string): readonly Dependent[] {
    return this.#rows.flatMap((row) => {
      const keys = this.#byOwner.get(row)?.keys(uid) ?? new Set<string>();
      return [...keys].map((key) => this.#registry.store.get(row, key))
        .filter((object) => object !== undefined)
        .map((object) => ({ row, object }));
    });
  }

  #reconcile(uid: string): void {
    const owner = this.#owners.get(uid);
    const dependents = this.#dependents(uid);
    if (!owner) {
      for (const dependent of dependents) this.#lostOwner(dependent, uid);
      return;
    }
    const { finalizers = [], deletionTimestamp } = owner.object.metadata;
    if (deletionTimestamp === undefined) return;
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of dependents) this.#disown(dependent, uid);
      this.#release(owner, ORPHAN);
    } else if (finalizers.includes(FOREGROUND)) {
      for (const dependent of dependents) this.#remove(dependent);
      if (this.#dependents(uid).length === 0) this.#release(owner, FOREGROUND);
    }
  }

  #lostOwner(dependent: Dependent, uid: string): void {
    const owners = dependent.object.metadata.ownerReferences ?? [];
    if (owners.some((owner) => owner.uid !== uid && this.#owners.has(owner.uid))) {
      this.#disown(dependent, uid);
    } else this.#remove(dependent);
  }

  #remove({ row, object }: Dependent): void {
    if (object.metadata.deletionTimestamp !== undefined) return;
    deleteObject(this.#registry, row, splitRef(row, object));
  }

  #disown(dependent: Dependent, uid: string): void {
    this.#change(dependent, ({ ownerReferences = [] }) => ({
      ownerReferences: ownerReferences.filter((owner) => owner.uid !== uid),
    }));
  }

  #release(dependent: Dependent, finalizer: string): void {
    this.#change(dependent, ({ finalizers = [] }) => ({
      finalizers: finalizers.filter((other) => other !== finalizer),
    }));
  }

  #change(
    { row, object }: Dependent,
    change: (metadata: KubeObject["metadata"]) => Partial<KubeObject["metadata"]>,
  ): void {
    updateObject(this.#registry, row, {
      ...splitRef(row, object),
      change: (old) => ({ ...old, metadata: { ...old.metadata, ...change(old.metadata) } }),
    });
  }
}

function splitRef(row: ResourceRow, object: KubeObject) {
  const { namespace, name } = splitKey(keyOf(object));
  return { namespace: row.namespaced ? namespace : undefined, name };
}

/** Starts collecting garbage; call the result to stop. */
export function startGarbageCollector(registry: Registry): () => void {
  const collector = new GarbageCollector(registry);
  return () => collector.stop();
}
