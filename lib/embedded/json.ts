/** JSON values as the API carries them; `undefined` members are treated as absent. */
export type Json = null | boolean | number | string | JsonArray | JsonObject;
/** A JSON array. */
export type JsonArray = readonly Json[];
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a JSON array; narrows readonly arrays, which `Array.isArray` does not. */
export function isArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** The value as an object, or an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as an array, or an empty one. */
export function asArray(value: Json | undefined): JsonArray {
  return isArray(value) ? value : [];
}

/** The value as a string, or an empty one. */
export function asString(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The value as a finite number, or the fallback (0). */
export function asNumber(value: Json | undefined, fallback = 0): number {
  return typeof value === "number" ? value : fallback;
}

/** The string members of an object: labels, annotations and selectors. */
export function asStringMap(value: Json | undefined): Readonly<Record<string, string>> {
  const pairs = Object.entries(asObject(value));
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/** The value at a path of member names, or undefined when a step is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (!isObject(current)) return undefined;
    current = current[step];
  }
  return current;
}

/** Deep equality; an `undefined` member equals an absent one. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const key of Object.keys(a)) if (!equal(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/** A copy of the object without the members named. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A copy of the object with the value at the path replaced; missing steps become objects. */
export function setAt(
  object: JsonObject,
  path: readonly string[],
  value: Json | undefined,
): JsonObject {
  const [head, ...rest] = path;
  if (head === undefined) return object;
  const next = rest.length === 0 ? value : setAt(asObject(object[head]), rest, value);
  return { ...object, [head]: next };
}

/** Drops members that are undefined, so that equal objects have equal keys. */
export function compact(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
