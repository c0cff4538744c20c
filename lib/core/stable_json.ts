/**
 * JSON with sorted keys, so that equal values give equal text.
 *
 * @example
 * ```ts
 * import { stableJson } from "./stable_json.ts";
 * if (stableJson({ b: 1, a: [2] }) !== '{"a":[2],"b":1}') throw new Error("not sorted");
 * ```
 */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) => isPlainObject(part) ? sorted(part) : part);
}

/** 32-bit FNV-1a hash of a text: for names and spreading, never for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // final avalanche (MurmurHash3 fmix32), so that close texts spread
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
