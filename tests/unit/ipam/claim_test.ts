/** Rows N and O of the address reference: whose a Service is, and when its marks go. */
import assert from "assert";
import { claimOf, isForeign, needsCleanup, wantsAddress } from "../../../lib/ipam/mod.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const finalizers = ["service.kubernetes.io/load-balancer-cleanup"];
const deletionTimestamp = "2026-01-01T00:00:00Z";
const labels = { implementation: "kube-vip" };
const plain = { loadBalancerClass: undefined };
const own = { loadBalancerClass: "test-class" };

for (
  const { row, name, wants } of [
    { row: "N1", name: "test-class", wants: true },
    { row: "N2", name: "nok-class", wants: false },
  ]
) {
  Deno.test(`${row} wantsAddress() with class ${name} where test-class is served is ${wants}`, () => {
    assert.equal(wantsAddress(lbService({ spec: { loadBalancerClass: name } }), own), wants);
  });
}

for (
  const { row, metadata, needed } of [
    { row: "O1 neither", metadata: {}, needed: false },
    { row: "O2 deletionTimestamp alone", metadata: { deletionTimestamp }, needed: false },
    { row: "O3 finalizer alone", metadata: { finalizers }, needed: false },
    { row: "O4 both", metadata: { finalizers, deletionTimestamp }, needed: true },
  ]
) {
  Deno.test(`${row}: needsCleanup() is ${needed}`, () => {
    const spec = { loadBalancerClass: "test-class" };
    assert.equal(needsCleanup(lbService({ spec, metadata }), own), needed);
    assert.equal(needsCleanup(lbService({ metadata }), plain), needed);
  });
}

Deno.test("isForeign() is true of what somebody else serves, also while it goes away", () => {
  const goes = { deletionTimestamp };
  assert.equal(isForeign(lbService(), plain), false);
  assert.equal(isForeign(lbService({ metadata: goes }), plain), false);
  assert.equal(isForeign(lbService(), own), true);
  const other = { spec: { loadBalancerClass: "x/y" }, metadata: goes };
  assert.equal(isForeign(lbService(other), plain), true);
  assert.equal(
    isForeign(lbService({ annotations: { "kube-vip.io/ignore": "true" } }), plain),
    true,
  );
  assert.equal(isForeign(lbService({ spec: { type: "ClusterIP" } }), own), false);
});

const cluster = { type: "ClusterIP" };
const claims: readonly (readonly [string, ServiceChange, typeof plain | typeof own, string])[] = [
  ["a Service without a class", {}, plain, "serve"],
  ["a Service without a class, class mode", {}, own, "leave"],
  ["another one's class", { spec: { loadBalancerClass: "x/y" } }, plain, "leave"],
  ["one to be ignored", { annotations: { "kube-vip.io/ignore": "true" } }, plain, "leave"],
  ["one that goes away", { metadata: { deletionTimestamp } }, plain, "leave"],
  ["a ClusterIP Service", { spec: cluster }, plain, "leave"],
  ["a ClusterIP Service with our label", { spec: cluster, metadata: { labels } }, own, "release"],
  [
    "a ClusterIP Service with the finalizer",
    { spec: cluster, metadata: { finalizers } },
    plain,
    "release",
  ],
  ["the same, class mode", { spec: cluster, metadata: { finalizers } }, own, "leave"],
  [
    "a ClusterIP Service that waited",
    {
      spec: cluster,
      metadata: { finalizers, annotations: { "berth.dev/pending": "exhausted" } },
    },
    own,
    "release",
  ],
  [
    "another one's that goes away",
    { spec: { loadBalancerClass: "x/y" }, metadata: { finalizers, deletionTimestamp } },
    plain,
    "leave",
  ],
];

for (const [what, change, mode, claim] of claims) {
  Deno.test(`claimOf() on ${what} is ${claim}`, () => {
    assert.equal(claimOf(lbService(change), mode), claim);
  });
}
