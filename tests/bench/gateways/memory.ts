import { docker } from "../../e2e/bed/mod.ts";
import { ask } from "../cluster/client.ts";
import { median } from "../cluster/figures.ts";
import { answering, clearGateways, type GatewayMeasurement, proxyNames } from "./bench_gateways.ts";

const MUST = 16;

/** Private memory (anonymous pages) of proxies that served some requests, and berth's own. */
export const memory: GatewayMeasurement = async (bench) => {
  const { bed, berth } = bench;
  const names = Array.from({ length: 10 }, (_, i) => `memory-${i}`);
  const targets = await Promise.all(
    names.map(async (name) => (await answering(bench, name)).target),
  );
  for (const target of targets) {
    for (let i = 0; i < 100; i++) await ask(target, 2_000);
  }
  const sizes: number[] = [];
  for (const name of await proxyNames(bed)) {
    const pid = await docker("inspect", "-f", "{{.State.Pid}}", name);
    sizes.push(await field(Number(pid), "RssAnon"));
  }
  const own = await field(berth.pid, "VmRSS");
  await clearGateways(bed);
  const worst = Math.max(...sizes);
  return [{
    name: "private memory of a proxy, median",
    must: `≤ ${MUST} MB`,
    measured: `${median(sizes).toFixed(1)} MB (at most ${worst.toFixed(1)} of ${sizes.length}; ` +
      `berth itself ${own.toFixed(0)} MB)`,
    ok: worst <= MUST,
  }];
};

/** A field of a process's status, in MB. */
async function field(pid: number, name: string): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text) ?? [];
  return Number(kilobytes) / 1000;
}
