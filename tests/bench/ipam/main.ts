/**
 * Measures `berth ipam` on a real API server of the test bed, under its own ServiceAccount.
 *
 *     deno task bench:ipam [services]
 *
 * What the machine and the API server cost is measured in the same run: the same objects are
 * patched once by nobody in particular. Needs root and a container engine.
 */
import { type Bed, clusterDown, clusterUp, until } from "../../e2e/bed/mod.ts";
import type { Berth } from "../../e2e/berth.ts";
import { InCluster } from "../../e2e/in_cluster.ts";
import { type Row, table } from "../cluster/figures.ts";

const services = "/api/v1/namespaces/load/services";
const lease = "kube-vip-cloud-controller";
/** Writes under way at the same time: berth's default, used for the bare patches, too. */
const concurrency = 8;
const port = 19_258;
const count = Number(Deno.args[0] ?? 4000);

interface Service {
  readonly spec: { readonly loadBalancerIP?: string };
}

/** Runs `work` for 0..n-1, so many at once; the seconds that it took. */
async function seconds(n: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < n; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return (performance.now() - started) / 1000;
}

function makeService(bed: Bed, name: string): Promise<unknown> {
  return bed.api.create(services, {
    metadata: { name },
    spec: { type: "LoadBalancer", allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] },
  });
}

/** A patch as berth's, of labels and annotations that mean nothing. */
function barePatch(bed: Bed, name: string): Promise<void> {
  const metadata = { labels: { bare: "patch" }, annotations: { "example.com/bare": "10.77.0.1" } };
  return bed.api.patch(`${services}/${name}`, { metadata }, "strategic-merge");
}

async function metric(pattern: RegExp): Promise<number> {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`)
    .then((response) => response.text())
    .catch(() => "");
  return Number(pattern.exec(text)?.[1] ?? 0);
}

/** Seconds until so many addresses are in use, counted from the start of the process. */
async function addresses(mode: InCluster): Promise<{ berth: Berth; took: number }> {
  const started = performance.now();
  const args = ["--bind-address", "127.0.0.1", "--secure-port", String(port)];
  const berth = await mode.start({ name: "one", args });
  const written = /^berth_ipam_syncs_total\{result="ok"\} (\d+)$/m;
  await until(async () => await metric(written) >= count, 300_000, "addresses are missing");
  return { berth, took: (performance.now() - started) / 1000 };
}

async function addressed(bed: Bed, name: string): Promise<void> {
  for (;;) {
    const { spec } = await bed.api.get<Service>(`${services}/${name}`);
    if (spec.loadBalancerIP !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A second replica takes over from one that is told to end. */
async function handover(bed: Bed, { mode, first }: { mode: InCluster; first: Berth }) {
  const second = await mode.start({ name: "two", args: ["--secure-port", "0"] });
  const says = (text: string) =>
    until(async () => (await second.output()).includes(text), 60_000, `berth says no ${text}`);
  await says("standing by");
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const stopping = first.stop();
  await until(async () => await mode.leader(lease) === "two", 60_000, "nobody took over");
  const leads = since();
  await makeService(bed, "after");
  await addressed(bed, "after");
  const serves = since();
  await stopping;
  return { leads, serves };
}

/** Resident memory of a process, in megabytes. */
async function megabytes(berth: Berth): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${berth.pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}

function distinct(items: readonly Service[]): number {
  return new Set(items.map(({ spec }) => spec.loadBalancerIP)).size;
}

const name = "bench-ipam";
await clusterDown(name);
const rows: Row[] = [];
{
  await using bed = await clusterUp({ name, index: 24 });
  await bed.api.create("/api/v1/namespaces", { metadata: { name: "load" } });
  await bed.api.create("/api/v1/namespaces/kube-system/configmaps", {
    metadata: { name: "kubevip" },
    data: { "cidr-global": "10.77.0.0/16" },
  });
  await using mode = await InCluster.open(bed, "ipam");
  await seconds(count, (i) => makeService(bed, `s${i}`));
  const bare = await seconds(count, (i) => barePatch(bed, `s${i}`));
  const { berth, took } = await addresses(mode);
  const { items } = await bed.api.get<{ items: readonly Service[] }>(services);
  const memory = await megabytes(berth);
  const { leads, serves } = await handover(bed, { mode, first: berth });
  const start = performance.now();
  await makeService(bed, "one-more");
  await addressed(bed, "one-more");
  const one = (performance.now() - start) / 1000;
  const different = distinct(items);
  rows.push(
    {
      name: `${count} Services that wait → all have an address`,
      must: "60 s",
      measured: `${took.toFixed(1)} s (bare patches: ${bare.toFixed(1)} s)`,
      ok: took <= 60,
    },
    {
      name: "different addresses among them",
      must: String(count),
      measured: String(different),
      ok: different === count,
    },
    {
      name: "memory then (the manifest's limit)",
      must: "512 MB",
      measured: `${memory} MB`,
      ok: memory <= 512,
    },
    {
      name: "leader told to end → next one leads / first address",
      must: "2 s",
      measured: `${leads.toFixed(2)} s / ${serves.toFixed(2)} s`,
      ok: serves <= 2,
    },
    {
      name: `one more Service → address`,
      must: "1 s",
      measured: `${one.toFixed(3)} s`,
      ok: one <= 1,
    },
  );
}
Deno.stdout.writeSync(new TextEncoder().encode(`${table(rows)}\n`));
Deno.exit(rows.every(({ ok }) => ok) ? 0 : 1);
