/** One measured row of the table. */
export interface Row {
  readonly name: string;
  /** What must hold, as text. */
  readonly must: string;
  readonly measured: string;
  readonly ok: boolean;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Milliseconds as seconds: `0.05 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`;
}

/** A row that holds when `value` is at most `limit`, both in milliseconds. */
export function atMost(
  name: string,
  limit: number,
  { value, detail = "" }: { readonly value: number; readonly detail?: string },
): Row {
  return {
    name,
    must: `≤ ${seconds(limit)}`,
    measured: seconds(value) + (detail === "" ? "" : ` (${detail})`),
    ok: value <= limit,
  };
}

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["measure", "must", "measured", ""]),
    line(["---", "---", "---", "---"]),
    ...rows.map(({ name, must, measured, ok }) =>
      line([name, must, measured, ok ? "met" : "MISSED"])
    ),
  ].join("\n");
}
