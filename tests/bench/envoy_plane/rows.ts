import type { Bed } from "../../e2e/bed/mod.ts";
import { docker } from "../../e2e/bed/mod.ts";
import { clearServices, createService } from "../cluster/bench_services.ts";
import type { Measurement } from "../cluster/bench_row.ts";
import { endpoints } from "../cluster/changes.ts";
import { untilAnswer } from "../cluster/client.ts";
import { atMost, median } from "../cluster/figures.ts";
import { pause } from "../cluster/wait.ts";

const quick = { limitMs: 20_000, everyMs: 5 };

/** Service applied → first HTTP answer, with a spare that had the time to start. */
export const firstAnswer: Measurement = async ({ bed, addresses }) => {
  const times: number[] = [];
  for (let i = 0; i < 16; i++) {
    await spareReady(bed);
    const started = performance.now();
    await createService(bed, `first-${i}`, { app: "web" });
    await untilAnswer({ address: await addresses.address(`first-${i}`), port: 80 }, quick);
    times.push(performance.now() - started);
  }
  await clearServices(bed);
  const [, ...warm] = times;
  const detail = `${Math.round(Math.min(...warm))}-${Math.round(Math.max(...warm))} ms, 15 runs`;
  const value = median(warm);
  return [
    atMost("Envoy plane: Service → first answer with a spare, median", 250, { value, detail }),
  ];
};

/** 20 Services together, of which one finds a spare → all answer. */
export const together: Measurement = async ({ bed, addresses }) => {
  await spareReady(bed);
  const names = Array.from({ length: 20 }, (_, i) => `many-${i}`);
  const started = performance.now();
  await Promise.all(names.map(async (name) => {
    await createService(bed, name, { app: "web" });
    await untilAnswer({ address: await addresses.address(name), port: 80 }, quick);
  }));
  const value = performance.now() - started;
  await clearServices(bed);
  return [atMost("Envoy plane: 20 Services together → all answer", 3_000, { value })];
};

/** An endpoint's change, counted from the EndpointSlice event. */
export const follows: Measurement = async (context) => {
  const rows = await endpoints(context);
  return rows.map((row) => ({ ...row, name: `Envoy plane: ${row.name}` }));
};

/** Memory that a proxy shares with nobody, with one Service each. */
export const memory: Measurement = async ({ bed, addresses }) => {
  const names = Array.from({ length: 5 }, (_, i) => `memory-${i}`);
  await Promise.all(names.map((name) => createService(bed, name, { app: "web" })));
  await Promise.all(names.map((name) => addresses.address(name)));
  await pause(2_000);
  const label = `label=io.x-k8s.cloud-provider-kind.cluster=${bed.name}`;
  const ids = await docker("ps", "-q", "--filter", label, "--filter", "label=berth.dev/role=proxy");
  const sizes: number[] = [];
  for (const id of ids.split("\n")) {
    const pid = await docker("inspect", "-f", "{{.State.Pid}}", id);
    const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
    sizes.push(Number(/^Private_Dirty:\s+(\d+)/m.exec(text)?.[1] ?? NaN) / 1000);
  }
  await clearServices(bed);
  const value = median(sizes);
  return [{
    name: "Envoy plane: private memory of a proxy, median",
    must: "≤ 16 MB",
    measured: `${value.toFixed(1)} MB (${sizes.length} proxies)`,
    ok: value <= 16,
  }];
};

async function spareReady({ name }: Bed): Promise<void> {
  const filter = ["--filter", `name=^berth-${name}-spare-`];
  while (await docker("ps", "-q", ...filter) === "") await pause(50);
  // it runs before it answers
  await pause(500);
}
