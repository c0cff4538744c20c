import process from "node:process";
import type { Confirmation } from "../../../lib/cli/app/service_runner.ts";
import { median } from "../cluster/figures.ts";

/** What one kind of event costs. */
export interface Cost {
  /** From the change in the API to the confirmed job, milliseconds, median. */
  readonly ms: number;
  /** Time that this process, main and workers, spent computing for each event, milliseconds. */
  readonly cpuMs: number;
  /** Means of the stages, as clocks count whole milliseconds; `watch` is all that is not berth's own: the write and its news. */
  readonly stages: Readonly<Record<string, number>>;
}

/** Runs a change again and again, one at a time. */
export async function costOf(
  events: number,
  change: (turn: number) => Promise<Confirmation>,
): Promise<Cost> {
  const times: number[] = [];
  const stages = new Map<string, number[]>();
  const before = process.cpuUsage();
  for (let turn = 0; turn < events; turn++) {
    const started = performance.now();
    const result = await change(turn);
    const ms = performance.now() - started;
    times.push(ms);
    for (const [stage, value] of Object.entries(withWatch(result.stages, ms))) {
      stages.set(stage, [...(stages.get(stage) ?? []), value]);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return {
    ms: median(times),
    cpuMs: (user + system) / 1_000 / events,
    stages: Object.fromEntries([...stages].map(([stage, values]) => [stage, mean(values)])),
  };
}

function withWatch(stages: Confirmation["stages"], ms: number): Readonly<Record<string, number>> {
  const own = Object.values(stages).reduce((sum, value) => sum + value, 0);
  return { watch: Math.max(0, ms - own), ...stages };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
