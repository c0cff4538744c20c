/**
 * What the kernel plane costs on three real nodes (no Kubernetes around it).
 * Run with: deno run -A tests/bench/kernel_plane_bench.ts   (needs a container engine and root)
 */
import type { Plane } from "../../lib/planes/types.ts";
import type { ProxySpec } from "../../lib/proxy/types.ts";
import { endpointsOf, missingForPlaneTests, PlaneBed, specOf } from "../e2e/planes/plane_bed.ts";
import { askTcp, EchoFlow, outcome, untilOutcome } from "../e2e/planes/traffic.ts";

const { signal } = new AbortController();
const FLOWS = 400;

interface World {
  readonly bed: PlaneBed;
  readonly plane: Plane;
  readonly announcers: readonly string[];
}

/** One measured figure. */
type Row = readonly [what: string, figure: string];

async function main(): Promise<void> {
  await using bed = await PlaneBed.up("kpbench");
  const announcers = bed.nodes.map(({ name }) => name);
  const places = Array.from(
    { length: 10 },
    (_, at) => [`p${at}`, announcers[at % announcers.length] ?? ""] as const,
  );
  await bed.startPods(Object.fromEntries(places));
  const plane = bed.plane();
  const opened = await elapsed(() => plane.setNodes(bed.nodes, { signal }));
  const world = { bed, plane, announcers };
  const rows: Row[] = [
    ["sessions to 3 nodes opened and probed", ms(opened)],
    ...await singles(world),
    ...await crowd(world),
    ...await flat(world),
    ...await endpointChange(world),
    ...await flowsBroken(world),
    ...await nodeDeath(world),
  ];
  for (const [what, figure] of rows) say(`| ${what} | ${figure} |`);
}

/** A Service with one IPv4 listener and so many endpoints. */
function service({ bed, announcers }: World, number: number, pods = 4): ProxySpec {
  const address = bed.address("IPv4", 1).replace(
    /\.255\.1$/,
    `.${200 + (number >> 8)}.${number & 255}`,
  );
  const endpoints = endpointsOf(bed.pods.slice(0, pods), "IPv4", 8082);
  return specOf(`bench/default/s${number}`, [{ address, port: 80, endpoints }], announcers);
}

async function singles(world: World): Promise<readonly Row[]> {
  const ensured: number[] = [];
  const answered: number[] = [];
  const removed: number[] = [];
  for (let number = 1; number <= 30; number++) {
    const spec = service(world, number);
    const [address = ""] = spec.addresses;
    ensured.push(await elapsed(() => world.plane.ensure(spec, { signal })));
    answered.push(await elapsed(() => askTcp(address, 80)));
    removed.push(await elapsed(() => world.plane.remove(spec.key, { signal })));
  }
  return [
    ["ensure of one Service, median", ms(median(ensured))],
    ["… and its first answer, median", ms(median(answered))],
    ["remove of one Service (the last: tables go too), median", ms(median(removed))],
  ];
}

async function crowd(world: World): Promise<readonly Row[]> {
  const specs = Array.from({ length: 200 }, (_, number) => service(world, number));
  const ensured = await elapsed(() => allOf(specs, (spec) => world.plane.ensure(spec, { signal })));
  const answers = await Promise.all(
    specs.map(({ addresses: [address = ""] }) => outcome(askTcp(address, 80))),
  );
  const good = answers.filter((answer) => /^p\d$/.test(answer)).length;
  const removed = await elapsed(() =>
    allOf(specs, ({ key }) => world.plane.remove(key, { signal }))
  );
  return [
    [`200 ensures at once (${good} answer)`, ms(ensured)],
    ["200 removes at once", ms(removed)],
  ];
}

async function allOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  await Promise.all(items.map(work));
}

/** One more Service beside many. */
async function flat(world: World): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const heap = Deno.memoryUsage().heapUsed;
  for (const count of [10, 1_000]) {
    const specs = Array.from({ length: count }, (_, number) => service(world, number));
    await allOf(specs, (spec) => world.plane.ensure(spec, { signal }));
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const spec = service(world, 2_000 + i);
      times.push(await elapsed(() => world.plane.ensure(spec, { signal })));
    }
    rows.push([`ensure beside ${count} Services, median`, ms(median(times))]);
    const grown = (Deno.memoryUsage().heapUsed - heap) / 2 ** 20;
    if (count === 1_000) rows.push(["heap of 1,000 Services, at most", `${grown.toFixed(0)} MB`]);
    for (const { key } of await world.plane.list({ signal })) {
      await world.plane.remove(key, { signal });
    }
  }
  return rows;
}

async function endpointChange(world: World): Promise<readonly Row[]> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const spec = service(world, 1, 2 + i % 2);
    times.push(await elapsed(() => world.plane.ensure(spec, { signal })));
  }
  return [["endpoint added or removed, median", ms(median(times))]];
}

async function flowsBroken(world: World): Promise<readonly Row[]> {
  const spec = service(world, 1, 10);
  const [address = ""] = spec.addresses;
  const [leaver] = world.bed.pods;
  await world.plane.ensure(spec, { signal });
  const opening = Array.from({ length: FLOWS }, () => EchoFlow.open(address, 80));
  const flows = await Promise.all(opening);
  const before = await Promise.all(flows.map((flow) => flow.echo()));
  const staying = spec.listeners.map((listener) => ({
    ...listener,
    endpoints: listener.endpoints.slice(1),
  }));
  await world.plane.ensure({ ...spec, listeners: staying }, { signal });
  const after = await Promise.all(flows.map((flow) => flow.echo().catch(() => "broken")));
  await Promise.all(flows.map((flow) => flow[Symbol.asyncDispose]()));
  const on = before.filter((name) => name === leaver?.name).length;
  const broken = after.filter((name) => name === "broken").length;
  return [[`flows broken of ${FLOWS} when one of ten endpoints (with ${on}) leaves`, `${broken}`]];
}

async function nodeDeath(world: World): Promise<readonly Row[]> {
  const specs = Array.from({ length: 20 }, (_, number) => service(world, number, 10));
  await allOf(specs, (spec) => world.plane.ensure(spec, { signal }));
  const listed = await world.plane.list({ signal });
  const [dying = ""] = world.announcers;
  const addresses = listed.flatMap((served) =>
    served.addresses.filter(({ node }) => node === dying).map(({ address }) => address)
  );
  const killed = world.bed.killNode(dying);
  const answered = await elapsed(async () => {
    await killed;
    await allOf(
      addresses,
      (address) => untilOutcome(() => outcome(askTcp(address, 80, 200)), /^p\d$/),
    );
  });
  return [[`node killed → its ${addresses.length} addresses answer again`, ms(answered)]];
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function ms(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

const missing = await missingForPlaneTests();
if (missing !== undefined) say(`kernel plane: not measured, ${missing}`);
else if (import.meta.main) await main();
else say("kernel plane: run deno run -A tests/bench/kernel_plane_bench.ts");
