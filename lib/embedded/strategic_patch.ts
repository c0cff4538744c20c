import { badRequest } from "./api_error.ts";
import {
  asArray,
  equal,
  isArray,
  isObject,
  type Json,
  type JsonArray,
  type JsonObject,
} from "./json.ts";
import { listShape } from "./merge_keys.ts";

const DELETE_LIST = "$deleteFromPrimitiveList/";
const ORDER = "$setElementOrder/";
const RETAIN = "$retainKeys";

interface Place {
  readonly kind: string;
  readonly path: readonly string[];
}

/**
 * Applies a strategic merge patch: lists of the served types merge by their keys, and the
 * directives `$patch`, `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys` work.
 *
 * @throws {ApiError} 400 when a keyed list element has no key or a directive is unknown
 */
export function strategicPatch(target: JsonObject, patch: JsonObject, kind: string): JsonObject {
  return mergeObject(target, patch, { kind, path: [] });
}

function inside(place: Place, step: string): Place {
  return { kind: place.kind, path: [...place.path, step] };
}

function directive(patch: JsonObject): "merge" | "replace" | "delete" {
  const value = patch["$patch"] ?? "merge";
  if (value === "merge" || value === "replace" || value === "delete") return value;
  throw badRequest(
    `unknown $patch directive ${JSON.stringify(value)}: use merge, replace or delete`,
  );
}

function plain(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith("$")));
}

function mergeObject(target: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const mode = directive(patch);
  if (mode === "delete") return {};
  if (mode === "replace") return plain(patch);
  const result: Record<string, Json | undefined> = { ...target };
  retainKeys(result, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = mergeValue(result[key], value, inside(place, key));
  }
  return listDirectives(result, patch, { place, before: target });
}

/** Members that the patch does not name in `$retainKeys` go (volumes, deployment strategy). */
function retainKeys(result: Record<string, Json | undefined>, patch: JsonObject): void {
  const keep = patch[RETAIN];
  if (!isArray(keep)) return;
  for (const key of Object.keys(result)) if (!keep.includes(key)) delete result[key];
}

function mergeValue(target: Json | undefined, patch: Json, place: Place): Json {
  if (isObject(patch)) return mergeObject(isObject(target) ? target : {}, patch, place);
  if (isArray(patch)) return mergeList(asArray(target), patch, place);
  return patch;
}

function mergeList(target: JsonArray, patch: JsonArray, place: Place): JsonArray {
  if (patch.some((item) => isObject(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isObject(item) && item["$patch"] === "replace"));
  }
  const shape = listShape(place.kind, place.path);
  if (shape.type === "atomic") return patch;
  const merged = shape.type === "set"
    ? union(target, patch)
    : mergeByKey(target, patch, { ...place, key: shape.keys[0] ?? "name" });
  return arranged(merged, patch, { place, before: target });
}

function union(target: JsonArray, patch: JsonArray): JsonArray {
  return [...target, ...patch.filter((item) => !target.some((other) => equal(item, other)))];
}

function mergeByKey(
  target: JsonArray,
  patch: JsonArray,
  place: Place & { readonly key: string },
): JsonArray {
  let result = [...target];
  for (const item of patch) {
    const id = isObject(item) ? item[place.key] : undefined;
    if (!isObject(item) || id === undefined) {
      throw badRequest(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${place.key}`,
      );
    }
    const found = result.findIndex((other) => isObject(other) && equal(other[place.key], id));
    if (directive(item) === "delete") {
      result = result.filter((other) => !(isObject(other) && equal(other[place.key], id)));
    } else if (found < 0) result.push(mergeObject({}, item, place));
    else result[found] = mergeValue(result[found], item, place);
  }
  return result;
}

function listDirectives(
  result: JsonObject,
  patch: JsonObject,
  context: { readonly place: Place; readonly before: JsonObject },
): JsonObject {
  let out = result;
  for (const [key, value] of Object.entries(patch)) {
    if (!isArray(value)) continue;
    if (key.startsWith(DELETE_LIST)) {
      const name = key.slice(DELETE_LIST.length);
      const kept = asArray(out[name]).filter((item) => !value.some((gone) => equal(item, gone)));
      out = { ...out, [name]: kept };
    }
    if (key.startsWith(ORDER)) {
      const name = key.slice(ORDER.length);
      const list = out[name];
      const how = { place: inside(context.place, name), before: asArray(context.before[name]) };
      if (isArray(list)) out = { ...out, [name]: arranged(list, value, how) };
    }
  }
  return out;
}

/**
 * Puts a merged list in order: elements that the order names come as it says and as early as
 * they can; the others keep their places among those that were there before.
 */
function arranged(list: JsonArray, order: JsonArray, context: {
  readonly place: Place;
  readonly before: JsonArray;
}): JsonArray {
  const shape = listShape(context.place.kind, context.place.path);
  const key = shape.type === "map" ? shape.keys[0] : undefined;
  const id = (item: Json) => JSON.stringify(key && isObject(item) ? item[key] : item);
  // of equal elements the first counts
  const ranks = (items: JsonArray) =>
    new Map(items.map((item, position) => [id(item), position] as const).reverse());
  const [wanted, old] = [ranks(order), ranks(context.before)];
  const rank = (item: Json | undefined, by: ReadonlyMap<string, number>) =>
    item === undefined ? undefined : by.get(id(item));
  const named = list.filter((item) => wanted.has(id(item)))
    .sort((a, b) => (rank(a, wanted) ?? 0) - (rank(b, wanted) ?? 0));
  const others = list.filter((item) => !wanted.has(id(item)));
  const result: Json[] = [];
  while (named.length > 0 || others.length > 0) {
    const [left, right] = [rank(others[0], old), rank(named[0], old)];
    const first = named.length === 0 ||
      (left !== undefined && right !== undefined && left < right);
    const next = first ? others.shift() : named.shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}
