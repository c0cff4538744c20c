import { atMost, median, type Row } from "../cluster/figures.ts";
import { answering, clearGateways, type GatewayMeasurement, spareReady } from "./bench_gateways.ts";
import { enginePace } from "./engine_pace.ts";

const RUNS = 11;

/** Gateway and route applied → first HTTP answer: with a spare, and where there is none. */
export const firstAnswer: GatewayMeasurement = async (bench) => {
  const [spare, bare]: [number[], number[]] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    await spareReady(bench.bed);
    spare.push((await answering(bench, `first-${i}`)).ms);
    await clearGateways(bench.bed);
    // of two at once, the later one finds no spare
    const both = await Promise.all(["a", "b"].map((name) => answering(bench, `${name}-${i}`)));
    bare.push(Math.max(...both.map(({ ms }) => ms)));
    await clearGateways(bench.bed);
  }
  return [
    row("Gateway applied → first HTTP answer, with a spare", 250, spare),
    row("two Gateways applied, one spare → both answer", 1_000, bare),
  ];
};

/** 20 Gateways together → all answer; against the engine's command line with as many proxies. */
export const together: GatewayMeasurement = async (bench) => {
  const count = 20;
  const names = Array.from({ length: count }, (_, i) => `many-${i}`);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    await spareReady(bench.bed);
    const all = await Promise.all(names.map((name) => answering(bench, name)));
    const each = all.map(({ ms }) => ms);
    times.push(Math.max(...each));
    bench.say(`answered after ${each.toSorted((a, b) => a - b).map(Math.round).join(" ")} ms`);
    await clearGateways(bench.bed);
  }
  const engine = Math.round(await enginePace(count - 1));
  const pace = `docker run starts ${count - 1} such containers in ${engine} ms`;
  const detail = `${range(times)}; ${pace}`;
  const name = `${count} Gateways together → all answer, median`;
  return [atMost(name, 3_000, { value: median(times), detail })];
};

/** A row of the median; the first run warms up. */
function row(name: string, limit: number, times: readonly number[]): Row {
  const warm = times.slice(1);
  const detail = `${range(warm)}, ${warm.length} runs`;
  return atMost(`${name}, median`, limit, { value: median(warm), detail });
}

function range(times: readonly number[]): string {
  return `${Math.round(Math.min(...times))}-${Math.round(Math.max(...times))} ms`;
}
