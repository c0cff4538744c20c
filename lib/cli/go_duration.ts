/** Milliseconds of each unit that Go's `time.ParseDuration` knows and that makes sense here. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a duration as Go programs spell it (`15s`, `1m30s`, `500ms`); undefined for other
 * texts.
 *
 * @example
 * ```ts
 * import { durationMs } from "./go_duration.ts";
 * if (durationMs("1m30s") !== 90_000) throw new Error("a minute and a half");
 * ```
 */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  return [...parts].reduce(
    (sum, [, value, unit = ""]) => sum + Number(value) * (UNITS[unit] ?? 0),
    0,
  );
}
