import { badRequest, conflict, invalid, notFound } from "./api_error.ts";
import { forbiddenField } from "./causes.ts";
import { equal, type JsonObject, without } from "./json.ts";
import { updatedFields } from "./managed_fields.ts";
import type { ObjectRef, Registry } from "./registry.ts";
import type { KubeObject, ManagedFieldsEntry, ObjectMeta, ResourceRow } from "./types.ts";
import { objectKey } from "./watch_hub.ts";
import {
  checkKind,
  checkMeta,
  checkNamespace,
  withoutEmpty,
  type WriteOptions,
} from "./write_create.ts";

/** A change of a stored object. */
export interface UpdateRequest extends WriteOptions, ObjectRef {
  readonly subresource?: "status" | undefined;
  /** The wanted object, computed from the stored one. */
  change(stored: KubeObject): KubeObject;
  /** Ownership of fields as server-side apply decided it. */
  managedFields?(stored: KubeObject): readonly ManagedFieldsEntry[];
}

const SYSTEM = [
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "generateName",
  "namespace",
] as const;

/** Metadata of a write: what the system owns stays as it is. */
function keptMeta(next: ObjectMeta, stored: ObjectMeta): ObjectMeta {
  const kept = Object.fromEntries(
    SYSTEM.filter((key) => stored[key] !== undefined).map((key) => [key, stored[key]]),
  );
  const own = without(next, ...SYSTEM, "selfLink", "managedFields", "resourceVersion");
  const managed = stored.managedFields ? { managedFields: stored.managedFields } : {};
  return withoutEmpty({
    ...own,
    ...kept,
    ...managed,
    name: stored.name,
    ...(stored.resourceVersion && { resourceVersion: stored.resourceVersion }),
  });
}

function checkPreconditions(row: ResourceRow, next: KubeObject, stored: KubeObject): void {
  const { name, uid, resourceVersion } = next.metadata;
  if (name !== undefined && name !== stored.metadata.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${stored.metadata.name})`,
    );
  }
  if (uid && uid !== stored.metadata.uid) {
    throw conflict(
      row,
      stored.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== stored.metadata.resourceVersion) {
    throw conflict(row, stored.metadata.name);
  }
}

function checkFinalizers(row: ResourceRow, next: KubeObject, stored: KubeObject): void {
  if (!stored.metadata.deletionTimestamp) return;
  const old = stored.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !old.includes(finalizer));
  if (added.length === 0) return;
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  const why = "no new finalizers can be added if the object is being deleted, found new " +
    `finalizers []string{${list}}`;
  throw invalid(row, stored.metadata.name, [forbiddenField("metadata.finalizers", why)]);
}

/** The object that a write asks for, with the other half (spec or status) untouched. */
function isolated(row: ResourceRow, next: KubeObject, context: {
  readonly stored: KubeObject;
  readonly subresource: "status" | undefined;
}): KubeObject {
  const { stored, subresource } = context;
  const metadata = keptMeta(next.metadata, stored.metadata);
  const { apiVersion, kind } = stored;
  if (subresource === "status") {
    const status = next.status ? { status: next.status } : {};
    return { ...without(stored, "status"), ...status, apiVersion, kind, metadata } as KubeObject;
  }
  if (!row.subresources?.includes("status")) return { ...next, apiVersion, kind, metadata };
  const status = stored.status ? { status: stored.status } : {};
  return { ...without(next, "status"), ...status, apiVersion, kind, metadata } as KubeObject;
}

function desired(object: KubeObject): JsonObject {
  return without(object, "metadata", "status", "apiVersion", "kind");
}

function withGeneration(row: ResourceRow, next: KubeObject, stored: KubeObject): KubeObject {
  if (!row.generation || equal(desired(next), desired(stored))) return next;
  const generation = (stored.metadata.generation ?? 0) + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

/** True when nothing holds a deleted object back any more. */
export function isReleased({ metadata, spec }: KubeObject): boolean {
  const held = (metadata.finalizers?.length ?? 0) > 0 ||
    (metadata.deletionGracePeriodSeconds ?? 0) > 0 ||
    (Array.isArray(spec?.["finalizers"]) && spec["finalizers"].length > 0);
  return metadata.deletionTimestamp !== undefined && !held;
}

function settle(
  registry: Registry,
  row: ResourceRow,
  request: UpdateRequest & {
    readonly stored: KubeObject;
  },
): KubeObject {
  const { stored, subresource } = request;
  const next = request.change(stored);
  checkKind(row, next);
  checkNamespace(next, request.namespace);
  checkPreconditions(row, next, stored);
  const half = isolated(row, next, { stored, subresource });
  checkMeta(row, half);
  checkFinalizers(row, half, stored);
  const strategy = registry.strategy(row);
  const apply = subresource === "status" ? strategy.updateStatus : strategy.update;
  const ready = apply?.(half, stored, registry.options) ?? half;
  return withGeneration(row, ready, stored);
}

/**
 * Changes a stored object. A change that changes nothing keeps the version; the last finalizer
 * that goes from a deleted object removes it.
 *
 * @throws {ApiError} 400, 404, 409, 422
 */
export function updateObject(
  registry: Registry,
  row: ResourceRow,
  request: UpdateRequest,
): KubeObject {
  const key = objectKey(request.namespace, request.name);
  const stored = registry.store.get(row, key);
  if (!stored) throw notFound(row, request.name);
  const ready = settle(registry, row, { ...request, stored });
  const managed = request.managedFields?.(stored) ?? updatedFields(stored, ready, {
    manager: request.manager,
    subresource: request.subresource,
    time: registry.timestamp(),
  });
  const metadata = managed.length > 0
    ? { ...ready.metadata, managedFields: managed }
    : without(ready.metadata, "managedFields") as ObjectMeta;
  const next: KubeObject = { ...ready, metadata };
  if (request.dryRun || sameButTimes(next, stored)) return request.dryRun ? next : stored;
  if (!isReleased(next)) return registry.store.put(row, next);
  registry.store.put(row, next);
  return registry.store.remove(row, key) ?? next;
}

/** Times of field ownership alone are no reason for a new version. */
function sameButTimes(next: KubeObject, stored: KubeObject): boolean {
  const plain = (object: KubeObject) => ({
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: (object.metadata.managedFields ?? []).map((entry) => without(entry, "time")),
    },
  });
  return equal(plain(next), plain(stored));
}
