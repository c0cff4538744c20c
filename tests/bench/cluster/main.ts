/**
 * Measures the README's table on a real cluster of the test bed.
 *
 *     deno task bench:cluster [measurement...]
 *
 * Needs root and a container engine, as the end-to-end tests do; wrk for the throughput rows.
 */
import { startBerth } from "../../e2e/berth.ts";
import { clusterUp } from "../../e2e/bed/mod.ts";
import { AddressWatch } from "./bench_services.ts";
import type { Measurement } from "./bench_row.ts";
import { brokenFlows, endpoints, nodeDeath } from "./changes.ts";
import { deletion, firstAnswer, portChange, together } from "./creation.ts";
import { type Row, table } from "./figures.ts";
import { throughput } from "./load.ts";
import { memory } from "./memory.ts";

const measurements: Readonly<Record<string, Measurement>> = {
  memory,
  firstAnswer,
  together,
  deletion,
  portChange,
  endpoints,
  brokenFlows,
  throughput,
  nodeDeath,
};

const chosen = Deno.args.length > 0 ? Deno.args : Object.keys(measurements);
const say = (text: string) => {
  const at = (performance.now() / 1000).toFixed(0).padStart(4);
  Deno.stderr.writeSync(new TextEncoder().encode(`${at} s  ${text}\n`));
};
const rows: Row[] = [];
{
  await using bed = await clusterUp({ name: "bench", workers: 2, index: 9 });
  const log = await Deno.makeTempFile({ prefix: "berth-bench-", suffix: ".log" });
  say(`berth logs to ${log}`);
  await using berth = await startBerth({ clusters: [bed.name], log });
  await bed.deployBackend("web", { replicas: 2 });
  using addresses = new AddressWatch(bed);
  for (const name of chosen) {
    say(`measuring ${name}`);
    const measure = measurements[name];
    if (measure === undefined) throw new Error(`no measurement "${name}"`);
    try {
      rows.push(...await measure({ bed, berth, addresses, say }));
    } catch (error) {
      rows.push({ name, must: "to be measured", measured: String(error), ok: false });
    }
  }
}
Deno.stdout.writeSync(new TextEncoder().encode(`${table(rows)}\n`));
Deno.exit(rows.every(({ ok }) => ok) ? 0 : 1);
