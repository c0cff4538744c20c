import { isObject, type Json } from "./json.ts";

/**
 * Applies a JSON merge patch (RFC 7386): null removes, objects merge, the rest replaces.
 *
 * @example
 * ```ts
 * import { mergePatch } from "./merge_patch.ts";
 * const result = mergePatch({ a: 1, b: 2 }, { a: null, c: 3 });
 * if (JSON.stringify(result) !== '{"b":2,"c":3}') throw new Error("wrong merge");
 * ```
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
