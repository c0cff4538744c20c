import assert from "assert";
import { readState, stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import { planVips } from "../../../lib/keepalived/plan_vips.ts";
import {
  addressesOf,
  afterPlan,
  vipConfigMap,
  vipRecord,
  vipService,
  vipWorld,
} from "../../fakes/vip_world.ts";

/** Entries that other people wrote. */
const foreign = { "10.0.0.1": "", "10.0.0.2": "other/web:DR", "note": "hands off" };

Deno.test("KCP-foreign: entries of other people stay, and their addresses are not given", () => {
  const configMap = vipConfigMap([], foreign);
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.3" });
  assert.deepEqual(afterPlan(configMap, plan).data, { ...foreign, "10.0.0.3": "default/a" });
});

Deno.test("KCP-foreign-delete: taking an address back leaves entries of other people", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.3")], {
    ...foreign,
    "10.0.0.3": "default/a",
  });
  const plan = planVips(vipWorld([], { configMap }));
  assert.deepEqual(afterPlan(configMap, plan).data, foreign);
});

Deno.test("KCP-foreign-request: an address of somebody else's entry is refused by name", () => {
  const service = vipService("a", { spec: { loadBalancerIP: "10.0.0.2" } });
  const [outcome] =
    planVips(vipWorld([service], { configMap: vipConfigMap([], foreign) })).outcomes;
  assert.equal(outcome?.address, undefined);
  assert.match(
    outcome?.problem ?? "",
    /somebody else wrote \("other\/web:DR"\): remove that entry/,
  );
});

Deno.test("KCP-foreign-own: an entry that names the Service serves its request", () => {
  const configMap = vipConfigMap([], { "10.0.0.2": "default/a:DR" });
  const service = vipService("a", { spec: { loadBalancerIP: "10.0.0.2" } });
  const plan = planVips(vipWorld([service], { configMap, method: "DR" }));
  assert.deepEqual(addressesOf(plan), { a: "10.0.0.2" });
  assert.deepEqual(afterPlan(configMap, plan).data, configMap.data);
});

Deno.test("KCP-foreign-overwritten: our entry that somebody wrote over is not removed", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1")], { "10.0.0.1": "other/web" });
  const plan = planVips(vipWorld([vipService("b")], { configMap }));
  assert.deepEqual(addressesOf(plan), { b: "10.0.0.2" });
  assert.deepEqual(afterPlan(configMap, plan).data, {
    "10.0.0.1": "other/web",
    "10.0.0.2": "default/b",
  });
});

Deno.test("KCP-foreign-annotations: other annotations are not named in the patch", () => {
  const plan = planVips(vipWorld([vipService("a")]));
  const { metadata } = plan.patch as { metadata: { annotations: object } };
  assert.deepEqual(Object.keys(metadata.annotations), [stateAnnotation]);
});

Deno.test("KCP-repair: an entry of ours that is missing is written again", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.4")], {});
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(afterPlan(configMap, plan).data, { "10.0.0.4": "default/a" });
});

Deno.test("KCP-leak: records of Services that are gone are removed with their entries", () => {
  const records = [vipRecord("a", "10.0.0.1"), vipRecord("gone", "10.0.0.2", "DR")];
  const configMap = vipConfigMap(records);
  const plan = planVips(vipWorld([vipService("a")], { configMap }));
  assert.deepEqual(plan.released, [{ record: records[1] }]);
  const after = afterPlan(configMap, plan);
  assert.deepEqual(after.data, { "10.0.0.1": "default/a" });
  assert.deepEqual(readState(after.annotations[stateAnnotation]).records, [records[0]]);
});

Deno.test("KCP-type-change: a Service that is no LoadBalancer any more gives its address back", () => {
  const configMap = vipConfigMap([vipRecord("a", "10.0.0.1")]);
  const service = vipService("a", { spec: { type: "ClusterIP" } });
  const plan = planVips(vipWorld([service], { configMap }));
  assert.deepEqual(plan.released, [{ record: vipRecord("a", "10.0.0.1"), service }]);
  assert.deepEqual(afterPlan(configMap, plan).data, {});
});

Deno.test("KCP-delete-unknown: a deleted Service that had no address changes nothing", () => {
  assert.equal(planVips(vipWorld([])).patch, undefined);
});

Deno.test("KCP-state-lost: a Service keeps the address of its status when the state is gone", () => {
  const service = vipService("a", { ingress: [{ ip: "10.0.0.9" }] });
  for (const data of [{}, { "10.0.0.9": "default/a" }]) {
    const configMap = { resourceVersion: "1", annotations: {}, data };
    const plan = planVips(vipWorld([vipService("b"), service], { configMap }));
    assert.deepEqual(addressesOf(plan), { a: "10.0.0.9", b: "10.0.0.1" });
  }
});

Deno.test("KCP-state-other: an address of another provider's status is not taken over", () => {
  const service = vipService("a", { ingress: [{ ip: "172.18.0.9" }] });
  assert.deepEqual(addressesOf(planVips(vipWorld([service]))), { a: "10.0.0.1" });
});

Deno.test("KCP-annotation-limit: at 256 KiB one Service more is refused, the others are served", () => {
  const count = 3000;
  const services = Array.from({ length: count }, (_, i) => vipService(`service-${i}`));
  const plan = planVips(vipWorld(services));
  const refused = plan.outcomes.filter(({ address }) => address === undefined);
  const size = afterPlan(vipConfigMap([]), plan).annotations[stateAnnotation]?.length ?? 0;
  assert.ok(size + stateAnnotation.length <= 256 * 1024, `${size} bytes`);
  assert.ok(size > 255 * 1024, `${size} bytes`);
  assert.ok(refused.length > 0 && refused.length < count);
  assert.match(refused[0]?.problem ?? "", /at its limit of 256 KiB: remove LoadBalancer Services/);
});

Deno.test("KCP-data-limit: at 1 MiB of entries a Service is refused", () => {
  const configMap = vipConfigMap([], { big: "x".repeat(1024 * 1024 - 4) });
  const [outcome] = planVips(vipWorld([vipService("a")], { configMap })).outcomes;
  assert.match(outcome?.problem ?? "", /at its limit of 1 MiB/);
});

Deno.test("KCP-annotation-limit: a move that needs room is refused, and nobody waits for it", () => {
  const record = vipRecord("a", "10.0.0.1");
  const { annotations, ...rest } = vipConfigMap([record]);
  const filler = "x".repeat(256 * 1024 - Object.entries(annotations).flat().join("").length - 5);
  const configMap = { ...rest, annotations: { ...annotations, other: filler } };
  const moving = vipService("a", { spec: { loadBalancerIP: "10.0.0.100" } });
  const plan = planVips(vipWorld([moving], { configMap }));
  assert.equal(plan.patch, undefined);
  assert.equal(plan.outcomes[0]?.address, "10.0.0.1");
  assert.match(plan.outcomes[0]?.problem ?? "", /at its limit of 256 KiB/);
});
