import { docker, run } from "../../e2e/bed/mod.ts";
import { NODE_IMAGE } from "../../e2e/bed/images.ts";
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
  const client = { pod: pod.status.podIP, node: node.trim() };
  const direct = `http://${client.pod}:8080/`;
  const through = `http://${address}/`;
  const rows = [
    await compare("keep-alive throughput against the Pod itself", 0.75, {
      client,
      direct,
      through,
    }),
    await compare("new connections against the Pod itself", 0.85, {
      client,
      direct,
      through,
      headers: ["-H", "Connection: close"],
    }),
  ];
  await bed.kubectl("delete", "service,deployment", "load");
  return rows;
};

interface Client {
  /** The Pod's address, reached through its node. */
  readonly pod: string;
  readonly node: string;
}

interface Sides {
  readonly client: Client;
  readonly direct: string;
  readonly through: string;
  readonly headers?: readonly string[];
}

async function compare(name: string, least: number, sides: Sides): Promise<Row> {
  const direct: number[] = [];
  const through: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    direct.push(await load(sides.direct, sides));
    through.push(await load(sides.through, sides));
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

/**
 * Requests per second from a container of its own on the nodes' network, for one second: a client
 * that runs longer meets its own closed connections again and measures those.
 */
async function load(url: string, { client, headers = [] }: Sides): Promise<number> {
  const wrk = ["wrk", "-t1", "-c32", "-d1s", ...headers.map((word) => `'${word}'`), url].join(" ");
  const output = await docker(
    ...["run", "--rm", "--network", "kind", "--cap-add", "NET_ADMIN", "--entrypoint", "bash"],
    ...["--sysctl", "net.ipv4.ip_local_port_range=1024 65535", "--volume", "/usr:/usr:ro"],
    ...["--label", "berth.dev/bed=bench", NODE_IMAGE, "-c"],
    `${freshAddress(client)} && ip route add ${client.pod}/32 via ${client.node} && ${wrk}`,
  );
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? NaN);
}

/** No run may find the last one's flows in the nodes' tables: each comes from its own address. */
function freshAddress({ node }: Client): string {
  const [a, b] = node.split(".");
  const own = `${a}.${b}.99.${1 + Math.floor(Math.random() * 250)}/16`;
  return `ip address flush dev eth0 && ip address add ${own} dev eth0 && sleep 0.2`;
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
