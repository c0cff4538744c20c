import type { Cost } from "./measure.ts";

/** A cost and what it is the cost of. */
export interface Measured {
  readonly size: number;
  readonly event: string;
  readonly cost: Cost;
}

/** How much the time per event may grow from the fewest Services to the most. */
const limit = 1.5;

/** Two Markdown tables: totals with their ratio, and the stages. */
export function report(all: readonly Measured[]): string {
  const totals = all.map((each) => [
    ...[each.event, String(each.size), number(each.cost.ms), number(each.cost.cpuMs)],
    number(ratio(all, each, ({ ms }) => ms)),
    number(ratio(all, each, ({ cpuMs }) => cpuMs)),
  ]);
  const names = [...new Set(all.flatMap(({ cost }) => Object.keys(cost.stages)))];
  const stages = all.map(({ event, size, cost }) => [
    ...[event, String(size), ...names.map((name) => number(cost.stages[name] ?? NaN))],
  ]);
  const head = ["event", "Services", "ms", "CPU ms", "ms, ratio", "CPU, ratio"];
  return `${table(head, totals)}\n\n${table(["event", "Services", ...names], stages)}`;
}

/** Nothing grew beyond the limit. */
export function steady(all: readonly Measured[]): boolean {
  return all.every((each) => ratio(all, each, ({ ms }) => ms) <= limit);
}

/** Against the same event with the fewest Services. */
function ratio(
  all: readonly Measured[],
  { event, cost }: Measured,
  of: (cost: Cost) => number,
): number {
  const first = all.find((each) => each.event === event);
  return first === undefined ? NaN : of(cost) / of(first.cost);
}

function number(value: number): string {
  return value.toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
