/** Random people and an API server in trouble: what must hold when everything is quiet again. */
import assert from "assert";
import fc from "fast-check";
import type { Stored } from "../fakes/api_bed.ts";
import { addressOf, given, IpamBed } from "../fakes/ipam_bed.ts";
import { fastClock } from "../fakes/fast_clock.ts";

const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
const pools: readonly Readonly<Record<string, string>>[] = [
  { "range-global": "10.0.0.1-10.0.0.4" },
  { "range-global": "10.0.0.3-10.0.0.20", "cidr-dev": "10.0.0.0/28" },
  { "cidr-global": "10.0.0.0/24" },
];

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("create" as const), at: fc.nat(7) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), at: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pin" as const), at: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("field" as const), at: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("field while away" as const), at: fc.nat(7) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("type" as const), at: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pools" as const), at: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), at: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("trouble" as const), at: fc.nat(2) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** People's own writes are spared the trouble that berth's get. */
async function spared(bed: IpamBed, work: () => Promise<void>): Promise<void> {
  const { fault } = bed.api;
  bed.api.fault = () => undefined;
  await work();
  bed.api.fault = fault;
}

async function take(bed: IpamBed, { do: what, at }: Step): Promise<void> {
  const name = `test/${names[at % names.length]}`;
  const there = bed.api.objects("services").find((one) => `test/${one.metadata.name}` === name);
  const gone = there === undefined || there.metadata.deletionTimestamp !== undefined;
  switch (what) {
    case "create":
      if (there === undefined) await bed.service(name);
      return;
    case "remove":
      if (!gone) await bed.remove(name);
      return;
    case "pin":
      if (!gone) {
        await bed.change(name, { metadata: { annotations: { [given]: `10.0.0.${at + 1}` } } });
      }
      return;
    case "field":
      if (!gone) await bed.change(name, { spec: { loadBalancerIP: `10.0.0.${8 - at}` } });
      return;
    case "field while away":
      await bed.stop();
      if (!gone) await bed.change(name, { spec: { loadBalancerIP: `10.0.0.${8 - at}` } });
      return bed.start();
    case "type": {
      const type = there?.["spec"].type === "ClusterIP" ? "LoadBalancer" : "ClusterIP";
      if (!gone) await bed.change(name, { spec: { type } });
      return;
    }
    case "pools":
      return await bed.pools(pools[at] ?? {});
    case "restart":
      await bed.stop();
      return bed.start();
    case "trouble": {
      const code = [409, 500, 403][at] ?? 500;
      const isWrite = ({ method, path }: { method: string; path: string }) =>
        method === "PATCH" && path.includes("/services/");
      bed.api.fail({ kind: "status", code }, 2, isWrite);
    }
  }
}

/** Whether it has what it asks for, in field and annotation alike, or says why not. */
function isAnswered({ metadata, spec }: Stored): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const { annotations = {} } = metadata as { annotations?: Readonly<Record<string, string>> };
  if ("berth.dev/pending" in annotations) return true;
  const text = annotations[given] ?? "";
  // with field and annotation of its owner the annotation counts, and no label is written
  if (metadata.labels?.["implementation"] !== "kube-vip") {
    return text !== "" && (metadata.finalizers ?? []).length > 0;
  }
  return (spec.loadBalancerIP ?? text) === text;
}

/** Waits until berth has nothing to do. */
async function quiet(bed: IpamBed): Promise<readonly Stored[]> {
  const settled = (all: readonly Stored[]) =>
    all.filter(({ spec, metadata }) =>
      spec?.type === "LoadBalancer" && metadata.namespace === "test"
    ).every(isAnswered);
  await bed.api.settled("services", settled);
  return bed.api.objects("services").filter(({ metadata }) => metadata.namespace === "test");
}

Deno.test("whatever people do, no two Services are given one address", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      await using bed = await IpamBed.open(pools[0], { clock: fastClock(20) });
      for (const one of steps) {
        if (one.do === "trouble") await take(bed, one);
        else await spared(bed, () => take(bed, one));
      }
      bed.api.fault = () => undefined;
      // enough for all, so that nobody may be left waiting but for an address that is asked for
      await bed.pools({ "cidr-global": "10.0.0.0/24", "outside-pools": "allow" });
      await bed.service("test/last");
      await bed.address("test/last");
      const services = await quiet(bed);
      const served = services.filter(({ metadata, spec }) =>
        spec.type === "LoadBalancer" && !JSON.stringify(metadata).includes("berth.dev/pending")
      );
      const addresses = served.map(addressOf).filter((address) => address !== "");
      assert.equal(new Set(addresses).size, addresses.length, addresses.join(" "));
    }),
    // whatever hangs is told with the steps that led there
    { numRuns: 100, timeout: 30_000 },
  );
});
