import { alreadyExists, badRequest, invalid } from "./api_error.ts";
import { notSupported } from "./causes.ts";
import { type JsonObject, without } from "./json.ts";
import { createdFields } from "./managed_fields.ts";
import { labelCauses, requiredName } from "./name_rules.ts";
import type { ObjectRef, Registry } from "./registry.ts";
import type { KubeObject, ManagedFieldsEntry, ObjectMeta, ResourceRow } from "./types.ts";
import { objectKey } from "./watch_hub.ts";

/** How a write is done. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  /** Who writes; without one, ownership of fields is not recorded. */
  readonly manager?: string | undefined;
}

/** Refuses an object that is not of the resource that the request names. */
export function checkKind(row: ResourceRow, object: KubeObject): void {
  const version = row.group === "" ? row.version : `${row.group}/${row.version}`;
  if (object.apiVersion !== undefined && object.apiVersion !== version) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API ` +
        `version (${version})`,
    );
  }
  if (object.kind !== undefined && object.kind !== row.kind) {
    throw badRequest(
      `${object.kind} in version "${row.version}" cannot be handled as a ${row.kind}: no kind ` +
        `"${object.kind}" is registered for this resource`,
    );
  }
}

/** Refuses an object of another namespace than the request's. */
export function checkNamespace(object: KubeObject, namespace: string | undefined): void {
  const given = object.metadata.namespace;
  if (given === undefined || given === namespace) return;
  throw badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

/** Name, labels and annotations that the API would refuse are a 422. */
export function checkMeta(row: ResourceRow, { metadata }: KubeObject): void {
  const annotations = metadata.annotations ?? {};
  const wrong = Object.values<unknown>(annotations).some((value) => typeof value !== "string");
  if (wrong) {
    throw badRequest("json: cannot unmarshal a value of metadata.annotations into a string");
  }
  const causes = [
    ...requiredName(metadata.name, row.names ?? "subdomain", "metadata.name"),
    ...labelCauses(metadata.labels, "metadata.labels"),
  ];
  if (causes.length > 0) throw invalid(row, metadata.name, causes);
}

function newName(registry: Registry, { name, generateName }: ObjectMeta): string {
  if (name) return name;
  return generateName ? `${generateName.slice(0, 58)}${registry.options.suffix()}` : "";
}

function newMeta(registry: Registry, row: ResourceRow, given: ObjectMeta): ObjectMeta {
  const kept = without(
    given,
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "resourceVersion",
    "generation",
    "selfLink",
    "managedFields",
  );
  return withoutEmpty({
    ...kept,
    name: newName(registry, given),
    uid: registry.options.uid(),
    creationTimestamp: registry.timestamp(),
    ...(row.generation && { generation: 1 }),
  });
}

/** Metadata without its empty lists and maps, which the typed API does not show. */
export function withoutEmpty(metadata: ObjectMeta): ObjectMeta {
  const kept = Object.entries(metadata).filter(([, value]) =>
    typeof value !== "object" || value === null || Object.keys(value).length > 0
  );
  return Object.fromEntries(kept) as ObjectMeta;
}

function withApi(row: ResourceRow, object: KubeObject, metadata: ObjectMeta): KubeObject {
  const apiVersion = row.group === "" ? row.version : `${row.group}/${row.version}`;
  return { ...object, apiVersion, kind: row.kind, metadata };
}

/**
 * Creates an object and returns it as stored.
 *
 * @throws {ApiError} 400, 403, 404 (namespace), 409 (exists), 422
 */
export function createObject(
  registry: Registry,
  row: ResourceRow,
  request: WriteOptions & {
    readonly namespace?: string | undefined;
    readonly object: KubeObject;
    /** Ownership of fields as server-side apply decided it. */
    readonly managedFields?: readonly ManagedFieldsEntry[];
  },
): KubeObject {
  const { namespace, object } = request;
  checkKind(row, object);
  checkNamespace(object, namespace);
  if (object.metadata.resourceVersion) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  const meta = newMeta(registry, row, object.metadata);
  const metadata = namespace === undefined ? meta : { ...meta, namespace };
  const ref: ObjectRef = { namespace, name: metadata.name };
  registry.requireNamespace(row, ref);
  const named = withApi(row, object, metadata);
  checkMeta(row, named);
  if (registry.store.get(row, objectKey(namespace, metadata.name))) {
    throw alreadyExists(row, metadata.name);
  }
  const ready = registry.strategy(row).create?.(named, registry.options) ?? named;
  const { managedFields } = request;
  const owned = managedFields
    ? { ...ready, metadata: { ...ready.metadata, managedFields } }
    : createdFields(ready, { manager: request.manager, time: registry.timestamp() });
  return request.dryRun ? owned : registry.store.put(row, owned);
}

/** The body of a write as an object; null members count as absent. */
export function asKubeObject(body: JsonObject): KubeObject {
  const metadata = body["metadata"] ?? {};
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    throw badRequest("metadata must be an object");
  }
  return { ...dropNulls(body), metadata: dropNulls(metadata as JsonObject) } as KubeObject;
}

function dropNulls(object: JsonObject): JsonObject {
  const result: Record<string, JsonObject[string]> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === null || value === undefined) continue;
    result[key] = typeof value === "object" && !Array.isArray(value)
      ? dropNulls(value as JsonObject)
      : value;
  }
  return result;
}

/** Refuses a value of `dryRun` other than All. */
export function parseDryRun(values: readonly string[]): boolean {
  const bad = values.find((value) => value !== "All" && value !== "");
  if (bad === undefined) return values.includes("All");
  const row = { group: "meta.k8s.io", kind: "CreateOptions" };
  throw invalid(row, "", [notSupported("dryRun", bad, ["All"])]);
}
