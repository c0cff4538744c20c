import { createService } from "./bench_services.ts";
import type { BenchContext, Measurement } from "./bench_row.ts";
import { ask, connect, type Target, untilAnswer } from "./client.ts";
import { atMost, median, type Row } from "./figures.ts";
import { deadline, pause } from "./wait.ts";

interface Slice {
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
}

/** Endpoint removed and added → traffic follows, counted from the EndpointSlice event. */
export const endpoints: Measurement = async ({ bed, addresses }) => {
  await createService(bed, "follow", { app: "web" });
  const target = { address: await addresses.address("follow"), port: 80 };
  await untilAnswer(target, { limitMs: 10_000 });
  const { removed, added } = await followed(bed, target);
  await bed.kubectl("delete", "service", "follow");
  return [
    atMost("endpoint removed → traffic follows, median", 50, { value: removed }),
    atMost("endpoint added → traffic follows, median", 50, { value: added }),
  ];
};

/** How fast traffic to Service `follow` follows the Pods of `web`, two at first; medians, ms. */
export async function followed(
  bed: BenchContext["bed"],
  target: Target,
): Promise<{ readonly removed: number; readonly added: number }> {
  const removed: number[] = [];
  const added: number[] = [];
  for (let i = 0; i < 7; i++) {
    removed.push(await scaled(bed, { replicas: 1, target }));
    added.push(await scaled(bed, { replicas: 2, target }));
  }
  return { removed: median(removed), added: median(added) };
}

/** Milliseconds from the slice's event until exactly `replicas` Pods answer. */
async function scaled(
  bed: BenchContext["bed"],
  { replicas, target }: { readonly replicas: number; readonly target: Target },
): Promise<number> {
  const stop = new AbortController();
  const event = sliceEvent(bed, replicas, stop.signal);
  await bed.kubectl("scale", "deployment/web", `--replicas=${replicas}`);
  const at = await deadline(event, 60_000).finally(() => stop.abort());
  // new connections until the last answer that does not fit: a window of the right ones ends it
  let wrong = at;
  let right: { readonly name: string; readonly at: number }[] = [];
  while (right.length < 60) {
    // a connection that breaks went to the Pod that is leaving
    const name = (await ask(target, 2_000).catch(() => "broken")).split(" ")[0] ?? "";
    right.push({ name, at: performance.now() });
    const names = new Set(right.map((answer) => answer.name));
    if (names.size > replicas || names.has("broken")) {
      wrong = performance.now();
      right = [];
    } else if (right.length >= 60 && names.size < replicas) {
      right = right.slice(30);
    }
  }
  if (replicas === 1) return Math.max(0, wrong - at);
  const first = right[0]?.name;
  const other = right.find(({ name }) => name !== first);
  return Math.max(0, (other?.at ?? performance.now()) - at);
}

async function sliceEvent(
  bed: BenchContext["bed"],
  ready: number,
  signal: AbortSignal,
): Promise<number> {
  const path = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
  for await (const { object } of bed.api.watch<Slice>(path, "", signal)) {
    if (object.metadata?.labels?.["kubernetes.io/service-name"] !== "follow") continue;
    const count = (object.endpoints ?? []).filter((e) => e.conditions?.ready === true).length;
    if (count === ready) return performance.now();
  }
  throw new Error("the watch of EndpointSlices ended early");
}

/** The node that announces an address is killed → the address answers again. */
export const nodeDeath: Measurement = async ({ bed, addresses, say }) => {
  await bed.deployBackend("death", { replicas: 2 });
  await createService(bed, "death", { app: "death" });
  const target = { address: await addresses.address("death"), port: 80 };
  await untilAnswer(target, { limitMs: 10_000 });
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    await onTwoNodes(bed, "death");
    const node = await announcer(bed, "death");
    say(`killing ${node}`);
    const killed = bed.killNode(node);
    const started = performance.now();
    await killed;
    const after = performance.now() - started;
    times.push(after + await untilAnswer(target, { limitMs: 60_000, everyMs: 20 }));
    await bed.startNode(node);
    await bed.kubectl("rollout", "status", "deployment/death", "--timeout=60s");
    await pause(2_000);
  }
  await bed.kubectl("delete", "service,deployment", "death");
  return [atMost("node container killed → its VIPs answer again, worst of 3", 1_500, {
    value: Math.max(...times),
  })];
};

/** Both Pods on the node that is killed would leave nothing to answer. */
async function onTwoNodes(bed: BenchContext["bed"], app: string): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const list = await bed.kubectl("get", "pods", "-l", `app=${app}`, "-o", "json");
    const pods = (JSON.parse(list) as { items: readonly Pod[] }).items;
    if (new Set(pods.map(({ spec }) => spec.nodeName)).size > 1) return;
    await bed.kubectl("delete", "pod", pods[0]?.metadata.name ?? "", "--grace-period=0", "--force");
    await bed.kubectl("rollout", "status", `deployment/${app}`, "--timeout=60s");
  }
  throw new Error(`the Pods of ${app} stay on one node`);
}

async function announcer(bed: BenchContext["bed"], name: string): Promise<string> {
  const message = await bed.kubectl(
    ...["get", "service", name, "-o", "jsonpath={.status.conditions[0].message}"],
  );
  const node = /announced by (\S+)/.exec(message)?.[1];
  if (node === undefined) throw new Error(`nobody announces ${name}: ${message}`);
  return node;
}

/** Established connections over ten endpoints, one of which leaves. */
export const brokenFlows: Measurement = async ({ bed, addresses }) => {
  await bed.deployBackend("ten", { replicas: 10 });
  await createService(bed, "ten", { app: "ten", targetPort: 8082 });
  const target = { address: await addresses.address("ten"), port: 80 };
  await pause(1_000);
  const flows = await Promise.all(Array.from({ length: 500 }, () => open(target)));
  const list = await bed.kubectl("get", "pods", "-l", "app=ten", "-o", "json");
  const [pod] = (JSON.parse(list) as { items: readonly Pod[] }).items;
  if (pod === undefined) throw new Error("no Pod to remove");
  const on = flows.filter(({ host }) => host === pod.metadata.name).length;
  await bed.kubectl("delete", "pod", pod.metadata.name, "--grace-period=0", "--force");
  await pause(3_000);
  const alive = await Promise.all(flows.map(({ connection }) => echoes(connection)));
  for (const { connection } of flows) connection.close();
  await bed.kubectl("delete", "service,deployment", "ten");
  const broken = alive.filter((ok) => !ok).length;
  return [share(broken, { on, of: flows.length })];
};

function share(broken: number, { on, of }: { readonly on: number; readonly of: number }): Row {
  return {
    name: "flows broken when one of ten endpoints leaves",
    must: "≤ those on it + 2 %",
    measured: `${broken} of ${of} (${on} were on it)`,
    ok: broken <= on + of * 0.02,
  };
}

interface Flow {
  readonly connection: Deno.TcpConn;
  /** The Pod that greeted. */
  readonly host: string;
}

async function open(target: Target): Promise<Flow> {
  const connection = await connect(target, 5_000);
  const buffer = new Uint8Array(512);
  const count = await deadline(connection.read(buffer), 5_000);
  const host = new TextDecoder().decode(buffer.subarray(0, count ?? 0)).split(" ")[0] ?? "";
  return { connection, host };
}

async function echoes(connection: Deno.TcpConn): Promise<boolean> {
  try {
    await connection.write(new TextEncoder().encode("still there?\n"));
    return (await deadline(connection.read(new Uint8Array(512)), 3_000)) !== null;
  } catch {
    return false;
  }
}
