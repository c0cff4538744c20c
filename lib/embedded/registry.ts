import { timestamp } from "../core/mod.ts";
import type { Collection } from "./collection.ts";
import { forbidden, notFound } from "./api_error.ts";
import { checkListQuery, type ListPage, listPage, type ListQuery } from "./list_query.ts";
import type { Store } from "./store.ts";
import type { GroupResource, KubeObject, ResourceRow, Strategy } from "./types.ts";
import { objectKey } from "./watch_hub.ts";

/** What reads and writes of objects need. */
export interface RegistryOptions {
  readonly store: Store;
  readonly rows: readonly ResourceRow[];
  /** By `group/plural`. */
  readonly strategies: Readonly<Record<string, Strategy>>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A fresh uid. */
  uid(): string;
  /** Five random characters for generated names. */
  suffix(): string;
}

/** Names one object. */
export interface ObjectRef {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The core group's namespaces. */
export const NAMESPACES: GroupResource = { group: "", plural: "namespaces" };

/** The resources, their objects and the rules for writing them. */
export class Registry {
  readonly store: Store;
  readonly rows: readonly ResourceRow[];
  readonly options: RegistryOptions;
  readonly #byName: ReadonlyMap<string, ResourceRow>;

  constructor(options: RegistryOptions) {
    this.options = options;
    this.store = options.store;
    this.rows = options.rows;
    this.#byName = new Map(options.rows.map((row) => [`${row.group}/${row.plural}`, row]));
  }

  /** The row of a resource, if it is served. */
  find({ group, plural }: GroupResource): ResourceRow | undefined {
    return this.#byName.get(`${group}/${plural}`);
  }

  /** The row that keeps the objects of a row: itself, unless it is a second view of another. */
  storageRow(row: ResourceRow): ResourceRow {
    return (row.storedAs && this.find(row.storedAs)) ?? row;
  }

  /** The rules of a resource. */
  strategy({ group, plural }: GroupResource): Strategy {
    return this.options.strategies[`${group}/${plural}`] ?? {};
  }

  /** The objects of a row. */
  collection(row: ResourceRow): Collection {
    return this.store.collection(this.storageRow(row));
  }

  /** The current time as the API writes it: whole seconds, UTC. */
  timestamp(): string {
    return timestamp(this.options.now());
  }

  /** @throws {ApiError} 404 when there is no such object */
  get(row: ResourceRow, { namespace, name }: ObjectRef): KubeObject {
    const object = this.store.get(this.storageRow(row), objectKey(namespace, name));
    if (!object) throw notFound(row, name);
    return object;
  }

  /** One page of a list. @throws {ApiError} for bad options, an old token or a future version */
  list(row: ResourceRow, query: ListQuery): ListPage {
    checkListQuery(query);
    return listPage(this.collection(row), query, this.store.version);
  }

  /** @throws {ApiError} 404 without the namespace, 403 when it is on its way out */
  requireNamespace(row: ResourceRow, { namespace, name }: ObjectRef): void {
    if (namespace === undefined) return;
    const found = this.store.get(NAMESPACES, objectKey(undefined, namespace));
    if (!found) throw notFound(NAMESPACES, namespace);
    if (found.metadata.deletionTimestamp === undefined) return;
    throw forbidden(
      row,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
  }
}
