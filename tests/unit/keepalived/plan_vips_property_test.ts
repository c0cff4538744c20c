import assert from "assert";
import fc from "fast-check";
import { readState, stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import { planVips } from "../../../lib/keepalived/plan_vips.ts";
import type { VipConfigMap } from "../../../lib/keepalived/types.ts";
import { poolHolds, vipPool } from "../../../lib/keepalived/vip_pool.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { afterPlan, vipConfigMap, vipService } from "../../fakes/vip_world.ts";

const cidr = "10.0.0.0/28";
const pool = vipPool(cidr);

/** A change of the cluster between two plans. */
type Step =
  | { readonly kind: "create"; readonly name: string; readonly ip: string | undefined }
  | { readonly kind: "delete"; readonly name: string }
  | { readonly kind: "foreign"; readonly ip: string }
  /** Two leaders plan on the same version; the second write is refused. */
  | { readonly kind: "race" };

const ip = fc.integer({ min: 0, max: 17 }).map((n) => `10.0.0.${n}`);
const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("create" as const),
    name,
    ip: fc.option(ip, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("delete" as const), name }),
  fc.record({ kind: fc.constant("foreign" as const), ip }),
  fc.constant({ kind: "race" as const }),
);

class Cluster {
  configMap: VipConfigMap = vipConfigMap([], { "10.0.0.15": "", "other": "x" });
  readonly services = new Map<string, Service>();
  readonly foreign = new Map([["10.0.0.15", ""], ["other", "x"]]);
  readonly #asked = new Set<string>();
  #uids = 0;

  apply(change: Step): void {
    if (change.kind === "delete") this.services.delete(change.name);
    if (change.kind === "create") {
      if (change.ip !== undefined) this.#asked.add(change.ip);
      const spec = change.ip === undefined ? {} : { loadBalancerIP: change.ip };
      const metadata = { uid: this.services.get(change.name)?.metadata.uid ?? `u${this.#uids++}` };
      this.services.set(change.name, vipService(change.name, { spec, metadata }));
    }
    if (change.kind === "foreign" && this.configMap.data[change.ip] === undefined) {
      this.foreign.set(change.ip, "other/web");
      const data = { ...this.configMap.data, [change.ip]: "other/web" };
      this.configMap = { ...this.configMap, data };
    }
  }

  plan(configMap = this.configMap) {
    return planVips({ configMap, services: [...this.services.values()], pool });
  }

  /** As the API server: a patch made on another version is refused. */
  write(plan: ReturnType<typeof planVips>): boolean {
    const { metadata } = (plan.patch ?? { metadata: undefined }) as {
      readonly metadata?: { readonly resourceVersion: string };
    };
    const current = this.configMap.resourceVersion;
    if (metadata !== undefined && metadata.resourceVersion !== current) return false;
    this.configMap = afterPlan(this.configMap, plan);
    return true;
  }

  check(): void {
    const { records } = readState(this.configMap.annotations[stateAnnotation]);
    const ips = records.map((record) => record.ip);
    assert.equal(new Set(ips).size, ips.length, "one address, one Service");
    const uids = records.map(({ uid }) => uid).toSorted();
    const present = [...this.services.values()].map(({ metadata }) => metadata.uid);
    assert.ok(uids.every((uid) => present.includes(uid)), "no record outlives its Service");
    for (const record of records) {
      assert.ok(poolHolds(pool, record.ip) || this.#asked.has(record.ip), "in the pool or asked");
      assert.equal(this.configMap.data[record.ip], `default/${record.name}`);
    }
    for (const [key, value] of this.foreign) assert.equal(this.configMap.data[key], value);
    assert.equal(Object.keys(this.configMap.data).length, records.length + this.foreign.size);
  }
}

Deno.test("KCP-property: planVips() gives no address twice, leaks none, touches no foreign entry", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const cluster = new Cluster();
      for (const change of steps) {
        const stale = cluster.plan();
        cluster.apply(change);
        cluster.write(cluster.plan());
        if (change.kind === "race" && stale.patch !== undefined) cluster.write(stale);
        // what came first in a batch may have been freed by what came later
        cluster.write(cluster.plan());
        cluster.check();
        assert.equal(cluster.plan().patch, undefined, "a plan settles");
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("KCP-property: planVips() never takes an address away from a Service that is there", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const cluster = new Cluster();
      for (const change of steps) {
        const before = readState(cluster.configMap.annotations[stateAnnotation]).records;
        cluster.apply(change);
        cluster.write(cluster.plan());
        const after = readState(cluster.configMap.annotations[stateAnnotation]).records;
        for (const { uid } of before) {
          const there = [...cluster.services.values()].some((s) => s.metadata.uid === uid);
          assert.equal(after.some((record) => record.uid === uid), there);
        }
      }
    }),
    { numRuns: 200 },
  );
});
