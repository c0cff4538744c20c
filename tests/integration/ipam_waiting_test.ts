/** Addresses come free one by one: whoever could be served is, and few are asked. */
import assert from "assert";
import fc from "fast-check";
import { explainPools } from "../../lib/addresses/mod.ts";
import { ipamView } from "../../lib/cli/ipam_view.ts";
import { decodeService } from "../../lib/kube/mod.ts";
import { parsePoolConfig } from "../../lib/pools/mod.ts";
import type { Stored } from "../fakes/api_bed.ts";
import { addressOf, given, IpamBed } from "../fakes/ipam_bed.ts";

const pools = {
  "range-test": "10.0.0.1-10.0.0.2",
  "range-dev": "10.1.0.1-10.1.0.2",
  "allow-share-dev": "true",
  "range-global": "10.0.0.2-10.0.0.3",
};
const names = ["test", "dev", "prod"].flatMap((namespace) =>
  ["a", "b", "c", "d"].map((name) => `${namespace}/${name}`)
);

const name = fc.constantFrom(...names);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("create" as const),
      name,
      port: fc.constantFrom(80, 81),
      pinned: fc.option(fc.constantFrom("10.0.0.2", "10.1.0.1"), { freq: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("unpin" as const), name }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(bed: IpamBed, one: Step): Promise<void> {
  const there = bed.api.objects("services").find(({ metadata }) =>
    `${metadata.namespace}/${metadata.name}` === one.name
  );
  if (one.kind === "create") {
    if (there !== undefined) return;
    const annotations = one.pinned === null ? {} : { [given]: one.pinned };
    await bed.service(one.name, { annotations, spec: { ports: [{ port: one.port }] } });
    return;
  }
  if (there === undefined || there.metadata.deletionTimestamp !== undefined) return;
  if (one.kind === "remove") await bed.remove(one.name);
  else await bed.change(one.name, { metadata: { annotations: { [given]: null } } });
}

/** Nothing is left to do, and nobody without an address could be given one. */
function isSettled(bed: IpamBed, all: readonly Stored[]): boolean {
  const own = all.filter(({ spec }) => spec.type === "LoadBalancer");
  if (own.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return false;
  const { config } = parsePoolConfig(pools);
  const rows = explainPools({
    ...{ config, services: own.map(decodeService), namespaceLabels: new Map() },
    ...ipamView(bed.settings),
  });
  return rows.every(({ ok, service }) => {
    const found = own.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === service);
    return !ok || (found !== undefined && addressOf(found) !== "" &&
      found.metadata.labels?.["implementation"] === "kube-vip");
  });
}

Deno.test("nobody who could be served stays waiting, whoever comes and goes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: "max" }), async (all) => {
      await using bed = await IpamBed.open(pools);
      for (const one of all) await take(bed, one);
      await bed.api.settled("services", (services) => isSettled(bed, services));
    }),
    // whatever hangs is told with the steps that led there
    { numRuns: 40, timeout: 20_000 },
  );
});

Deno.test("an address that comes free is written to one of many that wait, the oldest", async () => {
  await using bed = await IpamBed.open({ "range-test": "10.0.0.1-10.0.0.1" });
  await bed.service("has");
  await bed.address("has");
  const waiting = Array.from({ length: 50 }, (_, i) => `w${String(i).padStart(2, "0")}`);
  for (const one of waiting) {
    await bed.service(one);
    await bed.until(one, ({ metadata }) => JSON.stringify(metadata).includes("berth.dev/pending"));
  }
  await bed.remove("has");
  assert.equal(await bed.address("w00"), "10.0.0.1");
  await bed.remove("w00");
  assert.equal(await bed.address("w01"), "10.0.0.1");
});
