const UNITS = [["d", 86_400], ["h", 3_600], ["m", 60], ["s", 1]] as const;

/** A duration as `kubectl get` shows it: two units while small, one when large. */
export function humanDuration(seconds: number): string {
  if (seconds < 0) return seconds >= -1 ? "0s" : "<invalid>";
  if (seconds < 120) return `${Math.floor(seconds)}s`;
  if (seconds < 600) return pair(seconds, "m", "s");
  if (seconds < 3 * 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 8 * 3_600) return pair(seconds, "h", "m");
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)}h`;
  if (seconds < 8 * 86_400) return pair(seconds, "d", "h");
  return `${Math.floor(seconds / 86_400)}d`;
}

function pair(seconds: number, large: "d" | "h" | "m", small: "h" | "m" | "s"): string {
  const size = (unit: string) => UNITS.find(([name]) => name === unit)?.[1] ?? 1;
  const whole = Math.floor(seconds / size(large));
  const rest = Math.floor((seconds - whole * size(large)) / size(small));
  return rest === 0 ? `${whole}${large}` : `${whole}${large}${rest}${small}`;
}

/** The age of something that happened at a time (RFC 3339), `<unknown>` when not known. */
export function age(since: string | undefined, now: number): string {
  const start = since === undefined ? NaN : Date.parse(since);
  return Number.isNaN(start) ? "<unknown>" : humanDuration((now - start) / 1000);
}
