import { changedFields, difference, type FieldSet, fieldsOf, union } from "./field_set.ts";
import { isObject, type JsonObject, without } from "./json.ts";
import type { KubeObject, ManagedFieldsEntry } from "./types.ts";

/** Who writes, through what, and when. */
export interface Writer {
  /** Without one, ownership stays as it is. */
  readonly manager: string | undefined;
  readonly subresource?: string | undefined;
  readonly time: string;
}

const SYSTEM = [
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
  "selfLink",
  "generateName",
] as const;

/** The part of an object whose fields can be owned. */
export function ownable(object: KubeObject): JsonObject {
  const metadata = without(object.metadata, ...SYSTEM);
  const rest = without(object, "apiVersion", "kind", "metadata");
  return Object.keys(metadata).length > 0 ? { ...rest, metadata } : rest;
}

function isEmpty(set: JsonObject): boolean {
  return Object.keys(set).length === 0;
}

/** The field set of an entry, as read back from a stored object. */
export function entryFields(entry: ManagedFieldsEntry): FieldSet {
  return isObject(entry.fieldsV1) ? entry.fieldsV1 as FieldSet : {};
}

/** A new entry for a writer. */
export function makeEntry(
  object: KubeObject,
  writer: Writer & { readonly operation: "Apply" | "Update" },
  fields: FieldSet,
): ManagedFieldsEntry {
  return {
    manager: writer.manager ?? "unknown",
    operation: writer.operation,
    apiVersion: object.apiVersion,
    time: writer.time,
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    ...(writer.subresource && { subresource: writer.subresource }),
  };
}

/** The object with its writer as the owner of every field that it was created with. */
export function createdFields(object: KubeObject, writer: Writer): KubeObject {
  if (writer.manager === undefined) return object;
  const spec = without(ownable(object), "status");
  const fields = fieldsOf(spec, { kind: object.kind, path: [] });
  const entry = makeEntry(object, { ...writer, operation: "Update" }, fields);
  return { ...object, metadata: { ...object.metadata, managedFields: [entry] } };
}

function isWriter(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return entry.operation === "Update" && entry.manager === writer.manager &&
    (entry.subresource ?? "") === (writer.subresource ?? "");
}

/** Fields that are gone from the object belong to nobody. */
function pruned(entry: ManagedFieldsEntry, gone: FieldSet): ManagedFieldsEntry {
  return { ...entry, fieldsV1: difference(entryFields(entry), gone) };
}

/** Ownership after an update: the writer owns what it changed, nobody owns what is gone. */
export function updatedFields(
  stored: KubeObject,
  next: KubeObject,
  writer: Writer,
): readonly ManagedFieldsEntry[] {
  const entries = stored.metadata.managedFields ?? [];
  if (writer.manager === undefined) return entries;
  const place = { kind: next.kind, path: [] };
  const now = ownable(next);
  const changed = changedFields(now, ownable(stored), place);
  const gone = difference(fieldsOf(ownable(stored), place), fieldsOf(now, place));
  if (!changed && isEmpty(gone)) return entries;
  const lost = union(gone, changed ?? {});
  const mine = entries.find((entry) => isWriter(entry, writer));
  const others = entries.filter((entry) => entry !== mine)
    .map((entry) => pruned(entry, lost));
  const fields = union(mine ? difference(entryFields(mine), gone) : {}, changed ?? {});
  const own = makeEntry(next, { ...writer, operation: "Update" }, fields);
  return [...others, own].filter((entry) => !isEmpty(entry.fieldsV1));
}
