import { docker, run } from "../../e2e/bed/mod.ts";
import { createService } from "./bench_services.ts";
import type { BenchContext, Measurement } from "./bench_row.ts";
import type { Row } from "./figures.ts";
import { untilAnswer } from "./client.ts";

interface Pod {
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string };
}

/** Through the address against straight to the Pod, in turns, with wrk. */
export const throughput: Measurement = async ({ bed, addresses, say }) => {
  if (!await hasWrk()) {
    say("throughput is left out: install wrk");
    return [];
  }
  await bed.deployBackend("load", { replicas: 1 });
  await createService(bed, "load", { app: "load" });
  const address = await addresses.address("load");
  await untilAnswer({ address, port: 80 }, { limitMs: 10_000 });
  const pod = await onlyPod(bed);
  const node = await docker(
    ...["inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"],
    pod.spec.nodeName,
  );
  await run(["ip", "route", "replace", `${pod.status.podIP}/32`, "via", node.trim()]);
  try {
    const direct = `http://${pod.status.podIP}:8080/`;
    const through = `http://${address}/`;
    return [
      await compare("keep-alive throughput against the Pod itself", 0.75, { direct, through }),
      await compare("new connections against the Pod itself", 0.85, {
        direct,
        through,
        headers: ["-H", "Connection: close"],
      }),
    ];
  } finally {
    await run(["ip", "route", "del", `${pod.status.podIP}/32`]);
    await bed.kubectl("delete", "service,deployment", "load");
  }
};

interface Sides {
  readonly direct: string;
  readonly through: string;
  readonly headers?: readonly string[];
}

async function compare(name: string, least: number, sides: Sides): Promise<Row> {
  const direct: number[] = [];
  const through: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    direct.push(await load(sides.direct, sides.headers));
    through.push(await load(sides.through, sides.headers));
  }
  const ratio = best(through) / best(direct);
  const rates = `${Math.round(best(through))}/s against ${Math.round(best(direct))}/s`;
  return {
    name,
    must: `≥ ${least}`,
    measured: `${ratio.toFixed(2)} (${rates})`,
    ok: ratio >= least,
  };
}

async function load(url: string, headers: readonly string[] = []): Promise<number> {
  const output = await run(["wrk", "-t1", "-c32", "-d3s", ...headers, url]);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? NaN);
}

function best(values: readonly number[]): number {
  return Math.max(...values);
}

async function hasWrk(): Promise<boolean> {
  return await run(["sh", "-c", "command -v wrk"]).then(() => true, () => false);
}

async function onlyPod(bed: BenchContext["bed"]): Promise<Pod> {
  const list = await bed.kubectl("get", "pods", "-l", "app=load", "-o", "json");
  const [pod] = (JSON.parse(list) as { items: readonly Pod[] }).items;
  if (pod === undefined) throw new Error("the load Pod is not there");
  return pod;
}
