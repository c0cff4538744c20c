import assert from "assert";
import type { PoolGrant } from "../../../lib/addresses/types.ts";
import { grantPatch, releasePatch, waitPatch } from "../../../lib/ipam/patches.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const given = "kube-vip.io/loadbalancerIPs";
const device = "kube-vip.io/serviceInterface";
const finalizers = ["service.kubernetes.io/load-balancer-cleanup"];
const labels = { implementation: "kube-vip" };
const grant: PoolGrant & { readonly kind: "take" } = {
  kind: "take",
  addresses: ["10.0.0.1", "fd00::1"],
  pool: "cidr-global",
  reason: "lowest",
  interface: "eth0",
  shared: false,
  use: { ports: ["TCP/80"], sharingKey: "" },
  warnings: [],
};
const fromPools = "pools";

Deno.test("grantPatch() writes all of it at once, on the version that was seen", () => {
  assert.deepEqual(grantPatch(lbService(), grant, fromPools), {
    metadata: {
      resourceVersion: "1",
      labels,
      annotations: {
        [given]: "10.0.0.1,fd00::1",
        [device]: "eth0",
        "berth.dev/field-copy": "10.0.0.1,fd00::1",
      },
      finalizers,
    },
    spec: { loadBalancerIP: "10.0.0.1" },
  });
});

Deno.test("grantPatch() writes nothing where nothing is missing", () => {
  const annotations = { [given]: "10.0.0.1,fd00::1" };
  const service = lbService({
    metadata: { labels, finalizers, annotations },
    spec: { loadBalancerIP: "10.0.0.1" },
  });
  assert.equal(grantPatch(service, { ...grant, kind: "keep" }, fromPools), undefined);
});

Deno.test("grantPatch() leaves what the owner wrote", () => {
  const annotations = { [given]: "10.0.0.1" };
  const pinned = lbService({ metadata: { finalizers, annotations } });
  const wish = { ...grant, addresses: ["10.0.0.1"] };
  assert.deepEqual(grantPatch(pinned, wish, "annotation"), {
    metadata: { resourceVersion: "1", labels },
  });
  const field = lbService({ spec: { loadBalancerIP: "10.0.0.1" }, metadata: { finalizers } });
  const copy = { "berth.dev/field-copy": "10.0.0.1", [given]: "10.0.0.1" };
  assert.deepEqual(grantPatch(field, wish, "field"), {
    metadata: { resourceVersion: "1", annotations: copy },
  });
});

Deno.test("grantPatch() lets the field follow an annotation that was changed", () => {
  const of = (address: string) =>
    lbService({
      metadata: { labels, finalizers, annotations: { [given]: address } },
      spec: { loadBalancerIP: "10.0.0.1" },
    });
  const wish = { ...grant, addresses: ["10.0.0.9"] };
  const patch = grantPatch(of("10.0.0.9"), wish, "annotation");
  assert.deepEqual(patch?.["spec"], { loadBalancerIP: "10.0.0.9" });
});

Deno.test("waitPatch() notes the reason once, and a grant takes it away", () => {
  assert.deepEqual(waitPatch(lbService(), "exhausted", fromPools), {
    metadata: {
      resourceVersion: "1",
      annotations: { "berth.dev/pending": "exhausted" },
      finalizers,
    },
  });
  const waiting = lbService({
    metadata: { finalizers, annotations: { "berth.dev/pending": "exhausted" } },
  });
  assert.equal(waitPatch(waiting, "exhausted", fromPools), undefined);
  const patch = JSON.stringify(grantPatch(waiting, grant, fromPools));
  assert.match(patch, /"berth.dev\/pending":null/);
});

Deno.test("waitPatch() marks what a Service has while a newer field waits; a grant renews the mark", () => {
  const copy = "berth.dev/field-copy";
  const annotations = { [given]: "10.0.0.1" };
  const service = lbService({
    metadata: { labels, finalizers, annotations },
    spec: { loadBalancerIP: "10.0.0.9" },
  });
  assert.deepEqual(waitPatch(service, "in-use", "field-over-ours"), {
    metadata: {
      resourceVersion: "1",
      annotations: { "berth.dev/pending": "in-use", [copy]: "10.0.0.1" },
    },
  });
  const marked = lbService({
    metadata: { labels, finalizers, annotations: { ...annotations, [copy]: "10.0.0.1" } },
    spec: { loadBalancerIP: "10.0.0.9" },
  });
  const patch = grantPatch(marked, { ...grant, addresses: ["10.0.0.9"] }, "field-over-ours");
  assert.deepEqual(patch, {
    metadata: { resourceVersion: "1", annotations: { [given]: "10.0.0.9", [copy]: "10.0.0.9" } },
  });
  // the field is its owner's, the annotation ours
  assert.deepEqual(releasePatch(marked)["spec"], undefined);
  assert.match(JSON.stringify(releasePatch(marked)), /"kube-vip.io\/loadbalancerIPs":null/);
});

Deno.test("releasePatch() takes ours away, and of what goes away the finalizer alone", () => {
  const annotations = { [given]: "10.0.0.1", other: "stays" };
  const metadata = { labels, finalizers, annotations };
  const remove = { "$deleteFromPrimitiveList/finalizers": finalizers };
  const allocated = lbService({ metadata, spec: { loadBalancerIP: "10.0.0.1" } });
  assert.deepEqual(releasePatch(allocated), {
    metadata: {
      resourceVersion: "1",
      ...remove,
      labels: { implementation: null },
      annotations: { [given]: null },
    },
    spec: { loadBalancerIP: null },
  });
  assert.deepEqual(releasePatch(lbService({ metadata })), {
    metadata: {
      resourceVersion: "1",
      ...remove,
      labels: { implementation: null },
      annotations: {},
    },
  });
  const edited = lbService({ metadata, spec: { loadBalancerIP: "10.0.0.9" } });
  assert.deepEqual(releasePatch(edited)["spec"], { loadBalancerIP: null });
  const goes = lbService({ metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } });
  assert.deepEqual(releasePatch(goes), { metadata: { resourceVersion: "1", ...remove } });
});
