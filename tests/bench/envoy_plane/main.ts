/**
 * Measures the Envoy plane's rows of the README's table on a real cluster of the test bed.
 *
 *     deno task bench:envoy [measurement...]
 *
 * Needs root and a container engine, as the end-to-end tests do.
 */
import { startBerth } from "../../e2e/berth.ts";
import { clusterUp, ensureEnvoyImage } from "../../e2e/bed/mod.ts";
import type { Measurement } from "../cluster/bench_row.ts";
import { AddressWatch } from "../cluster/bench_services.ts";
import { type Row, table } from "../cluster/figures.ts";
import { firstAnswer, follows, memory, together } from "./rows.ts";

const measurements: Readonly<Record<string, Measurement>> = {
  firstAnswer,
  together,
  follows,
  memory,
};

const say = (text: string) => {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
};
const rows: Row[] = [];
{
  await ensureEnvoyImage();
  await using bed = await clusterUp({ name: "bench-envoy", workers: 2, index: 8 });
  const log = await Deno.makeTempFile({ prefix: "berth-bench-", suffix: ".log" });
  say(`berth logs to ${log}`);
  const args = ["--plane", "envoy", "--network", bed.shape.network];
  await using berth = await startBerth({ clusters: [bed.name], log, args });
  await bed.deployBackend("web", { replicas: 2 });
  using addresses = new AddressWatch(bed);
  for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(measurements)) {
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
