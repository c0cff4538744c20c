import assert from "assert";
import type { Plane } from "../../../lib/planes/types.ts";
import { type BedPod, endpointsOf, missingForPlaneTests, PlaneBed, specOf } from "./plane_bed.ts";
import { askTcp, EchoFlow, namesOf } from "./traffic.ts";

const missing = await missingForPlaneTests();
const { signal } = new AbortController();
const FLOWS = 60;

Deno.test(
  { name: "kernel plane keeps established flows", ignore: missing !== undefined },
  async (t) => {
    await using bed = await PlaneBed.up("kpflows");
    const nodes = bed.nodes.map(({ name }) => name);
    const [a = "", b = "", c = ""] = nodes;
    await bed.startPods({ p1: a, p2: b, p3: c, p4: c });
    let plane = bed.plane();
    await plane.setNodes(bed.nodes, { signal });

    for (const family of ["IPv4", "IPv6"] as const) {
      const address = bed.address(family, 1);
      const serve = (pods: readonly BedPod[], announcer: string, by: Plane = plane) => {
        const listener = { address, port: 80, endpoints: endpointsOf(pods, family, 8082) };
        return by.ensure(specOf("kp/default/web", [listener], [announcer]), { signal });
      };
      const [p1, p2, p3, p4] = bed.pods;
      if (!p1 || !p2 || !p3 || !p4) throw new Error("a Pod is missing");

      await t.step(`when endpoints join, leave and come back, ${family}`, async () => {
        await serve([p1], b);
        await using old = await openAll(address);
        assert.deepEqual(await old.answering(), { p1: FLOWS });
        await serve([p1, p2, p3, p4], b);
        assert.deepEqual(await old.answering(), { p1: FLOWS });
        await using fresh = await openAll(address);
        const spread = await fresh.answering();
        assert.equal(Object.keys(spread).length, 4);
        await serve([p2, p3, p4], b);
        assert.deepEqual(await old.answering(), { p1: FLOWS });
        assert.deepEqual(await fresh.answering(), spread);
        assert.ok(!(await namesOf(FLOWS, () => askTcp(address, 80))).has("p1"));
      });

      await t.step(`when the announcer changes, ${family}`, async () => {
        await plane.remove("kp/default/web", { signal });
        await serve([p1, p2, p3, p4], a);
        await using flows = await openAll(address);
        const before = await flows.answering();
        for (const announcer of [b, c, a]) {
          await serve([p1, p2, p3, p4], announcer);
          assert.deepEqual(await flows.answering(), before);
        }
      });

      await t.step(`when berth restarts after a change, ${family}`, async () => {
        await plane.remove("kp/default/web", { signal });
        await serve([p1, p2], c);
        await using flows = await openAll(address);
        const before = await flows.answering();
        await serve([p2, p3, p4], c);
        assert.deepEqual(await flows.answering(), before);
        await plane[Symbol.asyncDispose]();
        plane = bed.plane();
        await plane.setNodes(bed.nodes, { signal });
        assert.deepEqual(await flows.answering(), before);
        await serve([p2, p3, p4], c, plane);
        assert.deepEqual(await flows.answering(), before);
        await plane.remove("kp/default/web", { signal });
      });
    }
  },
);

/** Many connections, all from different source ports. */
class Flows implements AsyncDisposable {
  readonly #flows: readonly EchoFlow[];

  constructor(flows: readonly EchoFlow[]) {
    this.#flows = flows;
  }

  /** How many flows of each backend still answer; `broken` for those that do not. */
  async answering(): Promise<Readonly<Record<string, number>>> {
    const names = await Promise.all(this.#flows.map((flow) => flow.echo().catch(() => "broken")));
    const groups = Map.groupBy(names, (name) => name);
    return Object.fromEntries([...groups].sort().map(([name, all]) => [name, all.length]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#flows.map((flow) => flow[Symbol.asyncDispose]()));
  }
}

async function openAll(address: string): Promise<Flows> {
  const opening = Array.from({ length: FLOWS }, () => EchoFlow.open(address, 80));
  return new Flows(await Promise.all(opening));
}
