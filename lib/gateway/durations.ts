const shape = /^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/; // GEP-2257
const part = /(\d+)(h|ms|m|s)/g;
const factors: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Longest duration that proxies wait for: a year, in milliseconds. */
const LONGEST = 366 * 24 * 3_600_000;

/**
 * Milliseconds of a Gateway API duration such as `1h30m` or `500ms`, up to a year; undefined where
 * it is none.
 */
export function durationMs(text: string): number | undefined {
  if (!shape.test(text)) return undefined;
  let total = 0;
  for (const [, digits = "", unit = ""] of text.matchAll(part)) {
    total += Number(digits) * (factors[unit] ?? 0);
  }
  return total <= LONGEST ? total : undefined;
}
