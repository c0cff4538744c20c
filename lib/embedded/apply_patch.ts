import { ApiError } from "./api_error.ts";
import {
  difference,
  elementKey,
  type FieldSet,
  fieldsOf,
  intersection,
  leafPaths,
  union,
  withParents,
} from "./field_set.ts";
import {
  asArray,
  equal,
  isArray,
  isObject,
  type Json,
  type JsonArray,
  type JsonObject,
  without,
} from "./json.ts";
import { entryFields, makeEntry, ownable, type Writer } from "./managed_fields.ts";
import { listShape } from "./merge_keys.ts";
import type { Cause, KubeObject, ManagedFieldsEntry } from "./types.ts";

/** A configuration to apply and who applies it. */
export interface ApplyRequest extends Writer {
  readonly config: KubeObject;
  readonly force: boolean;
}

interface Place {
  readonly kind: string;
  readonly path: readonly string[];
}

function inside({ kind, path }: Place, step: string): Place {
  return { kind, path: [...path, step] };
}

function merge(live: Json | undefined, config: Json, place: Place): Json {
  if (isObject(config)) {
    const base = isObject(live) ? live : {};
    const merged = Object.entries(config).map(([key, value]) => [
      key,
      value === undefined ? base[key] : merge(base[key], value, inside(place, key)),
    ]);
    return { ...base, ...Object.fromEntries(merged) };
  }
  if (!isArray(config) || !isArray(live)) return config;
  const shape = listShape(place.kind, place.path);
  if (shape.type === "atomic") return config;
  if (shape.type === "set") {
    return [...live, ...config.filter((item) => !live.some((other) => equal(item, other)))];
  }
  return mergeElements(live, config, { ...place, keys: shape.keys });
}

function mergeElements(
  live: JsonArray,
  config: JsonArray,
  place: Place & { readonly keys: readonly string[] },
): JsonArray {
  const wanted = new Map(config.map((item) => [elementKey(item, place.keys), item]));
  const kept = live.map((item) => {
    const key = elementKey(item, place.keys);
    const found = wanted.get(key);
    wanted.delete(key);
    return found === undefined ? item : merge(item, found, place);
  });
  return [...kept, ...wanted.values()];
}

/** Takes the fields of a set out of a value. */
function removeFields(value: Json, gone: FieldSet, place: Place): Json {
  if (isObject(value)) {
    const entries = Object.entries(value).flatMap(([key, member]) => {
      const sub = gone[`f:${key}`];
      if (!sub || member === undefined) return [[key, member] as const];
      if (Object.keys(sub).length === 0) return [];
      return [[key, removeFields(member, sub, inside(place, key))] as const];
    });
    return Object.fromEntries(entries);
  }
  if (!isArray(value)) return value;
  const shape = listShape(place.kind, place.path);
  if (shape.type === "atomic") return value;
  return value.flatMap((item) => {
    const key = shape.type === "set" ? `v:${JSON.stringify(item)}` : elementKey(item, shape.keys);
    const sub = gone[key];
    if (!sub) return [item];
    if (Object.keys(sub).length === 0 || sub["."]) return [];
    return [removeFields(item, sub, place)];
  });
}

/** The fields whose value in the configuration differs from the live one. */
function differing(live: Json | undefined, config: Json, place: Place): FieldSet | undefined {
  if (live === undefined) return fieldsOf(config, place);
  if (isObject(config) && isObject(live)) {
    const pairs = Object.entries(config).flatMap(([key, value]) => {
      const sub = value === undefined ? undefined : differing(live[key], value, inside(place, key));
      return sub ? [[`f:${key}`, sub] as const] : [];
    });
    return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
  }
  const shape = listShape(place.kind, place.path);
  if (!isArray(config) || !isArray(live) || shape.type !== "map") {
    return equal(live, config) ? undefined : {};
  }
  const old = new Map(live.map((item) => [elementKey(item, shape.keys), item]));
  const pairs = config.flatMap((item) => {
    const key = elementKey(item, shape.keys);
    const sub = differing(old.get(key), item, place);
    return sub ? [[key, sub] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

function isMine(entry: ManagedFieldsEntry, request: ApplyRequest): boolean {
  return entry.operation === "Apply" && entry.manager === request.manager &&
    (entry.subresource ?? "") === (request.subresource ?? "");
}

function conflictError(conflicts: readonly Cause[]): ApiError {
  const count = conflicts.length;
  const list = conflicts.map((cause) => `${cause.message}: ${cause.field}`).join("\n- ");
  const message = count === 1
    ? `Apply failed with 1 conflict: ${list}`
    : `Apply failed with ${count} conflicts: conflicts:\n- ${list}`;
  const details = { causes: conflicts.map((cause) => ({ ...cause })) };
  return new ApiError({ code: 409, reason: "Conflict", message, details });
}

/** A manager as conflicts name it; for updates with the version that it wrote. */
function shown({ manager, operation, subresource, apiVersion }: ManagedFieldsEntry): string {
  const part = subresource ? ` with subresource "${subresource}"` : "";
  return `"${manager}"${part}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}

function conflictsWith(
  others: readonly ManagedFieldsEntry[],
  changed: FieldSet,
): readonly Cause[] {
  return others.flatMap((entry) =>
    leafPaths(intersection(changed, entryFields(entry))).map((field) => ({
      reason: "FieldManagerConflict" as const,
      message: `conflict with ${shown(entry)}`,
      field,
    }))
  );
}

/**
 * Merges an applied configuration into the live object (KEP-555): fields that this manager
 * applied before and leaves out now go, unless somebody else owns them too.
 *
 * @throws {ApiError} 409 when another manager owns a field with another value and not forced
 */
export function applyPatch(live: KubeObject, request: ApplyRequest): {
  readonly object: KubeObject;
  readonly managedFields: readonly ManagedFieldsEntry[];
} {
  const { config, force } = request;
  const place = { kind: live.kind, path: [] };
  const entries = asArray(live.metadata.managedFields) as readonly ManagedFieldsEntry[];
  const mine = entries.find((entry) => isMine(entry, request));
  const others = entries.filter((entry) => entry !== mine);
  const wanted = ownable(config);
  const changed = differing(ownable(live), wanted, place) ?? {};
  const conflicts = conflictsWith(others, changed);
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const applied = fieldsOf(wanted, place);
  const left = others.map((entry) => ({
    ...entry,
    fieldsV1: difference(entryFields(entry), changed),
  })).filter((entry) => Object.keys(entry.fieldsV1).length > 0);
  const owned = left.reduce<FieldSet>((all, entry) => union(all, entryFields(entry)), applied);
  const gone = difference(mine ? entryFields(mine) : {}, withParents(owned));
  const trimmed = removeFields(live, gone, place);
  const merged = merge(trimmed, mergeable(config), place) as KubeObject;
  const own = makeEntry(live, { ...request, operation: "Apply" }, applied);
  const unchanged = mine && equal(entryFields(mine), applied) &&
    equal(ownable(live), ownable(merged));
  return { object: merged, managedFields: [...left, unchanged ? mine : own] };
}

/** The configuration without what identifies the object; preconditions stay. */
function mergeable(config: KubeObject): JsonObject {
  const metadata = without(config.metadata, "managedFields", "creationTimestamp", "generation");
  return { ...without(config, "metadata"), metadata };
}
