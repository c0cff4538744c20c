import { clearServices, createService } from "./bench_services.ts";
import type { Measurement } from "./bench_row.ts";
import { pause } from "./wait.ts";

/** Resident memory of berth with 100 Services, its processes in the nodes included. */
export const memory: Measurement = async ({ bed, berth, addresses }) => {
  const names = Array.from({ length: 100 }, (_, i) => `memory-${i}`);
  await Promise.all(names.map((name) => createService(bed, name, { app: "web" })));
  await Promise.all(names.map((name) => addresses.address(name)));
  await pause(2_000);
  const own = await resident(`/proc/${berth.pid}/status`);
  let agents = 0;
  for (const { name } of await bed.nodes()) {
    // what the agents share is counted once: proportional set size
    const script = "for p in $(pgrep -x perl); do grep ^Pss: /proc/$p/smaps_rollup; done";
    const { stdout } = await bed.onNode(name, script);
    for (const [, kilobytes] of stdout.matchAll(/Pss:\s+(\d+)/g)) agents += Number(kilobytes);
  }
  await clearServices(bed);
  const total = (own + agents) / 1000;
  return [{
    name: "memory of berth with 100 Services",
    must: "≤ 220 MB in all",
    measured: `${total.toFixed(0)} MB (${(agents / 1000).toFixed(0)} MB of it in the nodes)`,
    ok: total <= 220,
  }];
};

async function resident(path: string): Promise<number> {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(await Deno.readTextFile(path)) ?? [];
  return Number(kilobytes);
}
