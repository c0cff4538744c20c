/**
 * Milliseconds since the epoch as Kubernetes writes times: RFC 3339, UTC, whole seconds.
 *
 * @example
 * ```ts
 * import { timestamp } from "./timestamp.ts";
 * if (timestamp(1999) !== "1970-01-01T00:00:01Z") throw new Error("parts of a second are cut off");
 * ```
 */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
