/**
 * Measures Gateways on a real cluster of the test bed; `bench:envoy` measures Services on their plane.
 *
 *     deno task bench:gateways [measurement...]
 *
 * Needs root and a container engine, as the end-to-end tests do.
 */
import { type Bed, clusterDown, clusterUp, ensureGatewayImages, until } from "../../e2e/bed/mod.ts";
import { startBerth } from "../../e2e/berth.ts";
import { clusterName } from "../../e2e/scenario.ts";
import { createService } from "../cluster/bench_services.ts";
import { type Row, table } from "../cluster/figures.ts";
import { answering, clearGateways, watchGateways } from "./bench_gateways.ts";
import type { GatewayBench, GatewayMeasurement } from "./bench_gateways.ts";
import { endpoints, routeChange } from "./changes.ts";
import { firstAnswer, together } from "./creation.ts";
import { memory } from "./memory.ts";

const measurements: Readonly<Record<string, GatewayMeasurement>> = {
  firstAnswer,
  together,
  routeChange,
  endpoints,
  memory,
};

const chosen = Deno.args.length > 0 ? Deno.args : Object.keys(measurements);
const say = (text: string) => {
  const at = (performance.now() / 1000).toFixed(0).padStart(4);
  Deno.stderr.writeSync(new TextEncoder().encode(`${at} s  ${text}\n`));
};

/** The apps that routes lead to, and the classes, which berth makes as it starts. */
async function prepare(bed: Bed): Promise<void> {
  for (const name of ["web", "next"]) {
    await bed.deployBackend(name, { replicas: 2 });
    await createService(bed, name, { app: name, type: "ClusterIP" });
  }
  const made = () => bed.kubectl("get", "gatewayclass/berth").then(() => true, () => false);
  await until(made, 30_000, "berth made no GatewayClass");
}

async function measured(name: string, bench: GatewayBench): Promise<readonly Row[]> {
  say(`measuring ${name}`);
  const measure = measurements[name];
  if (measure === undefined) throw new Error(`no measurement "${name}"`);
  try {
    return await measure(bench);
  } catch (error) {
    return [{ name, must: "to be measured", measured: String(error), ok: false }];
  }
}

const rows: Row[] = [];
{
  await ensureGatewayImages();
  const name = clusterName("bench-gateways");
  await clusterDown(name);
  await using bed = await clusterUp({ name, workers: 2, index: 27 });
  const log = await Deno.makeTempFile({ prefix: "berth-bench-", suffix: ".log" });
  say(`berth logs to ${log}`);
  const args = ["--network", bed.shape.network];
  await using berth = await startBerth({ clusters: [bed.name], log, args });
  await prepare(bed);
  using gateways = watchGateways(bed);
  const bench = { bed, berth, gateways, say };
  // nothing is measured cold
  await answering(bench, "warm");
  await clearGateways(bed);
  for (const one of chosen) rows.push(...await measured(one, bench));
}
Deno.stdout.writeSync(new TextEncoder().encode(`${table(rows)}\n`));
Deno.exit(rows.every(({ ok }) => ok) ? 0 : 1);
