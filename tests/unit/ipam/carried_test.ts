import assert from "assert";
import {
  carriedAddresses,
  grantedAddresses,
  isAllocated,
  isUnsure,
  usedAddresses,
} from "../../../lib/ipam/carried.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const given = "kube-vip.io/loadbalancerIPs";
const mode = { loadBalancerClass: undefined };
const labels = { implementation: "kube-vip" };

Deno.test("carriedAddresses() is every address, wherever it stands, each once", () => {
  const service = lbService({
    annotations: {
      [given]: "10.0.0.1, FD00::1,name.example",
    },
    spec: { loadBalancerIP: "10.0.0.1" },
    ingress: [{ ip: "10.0.0.2" }, { hostname: "x" }],
  });
  assert.deepEqual(carriedAddresses(service), ["10.0.0.1", "fd00::1", "10.0.0.2"]);
});

Deno.test("usedAddresses() of our Services are those announced, and with DHCP those leased", () => {
  const leased = "10.9.9.1,10.9.9.2,10.9.9.3";
  const of = (text: string) =>
    lbService({
      metadata: { labels, annotations: { [given]: text, "kube-vip.io/requestedIP": leased } },
      ingress: [{ ip: "10.0.0.2" }],
    });
  assert.deepEqual(usedAddresses(of("10.0.0.1"), mode), ["10.0.0.2"]);
  assert.deepEqual(usedAddresses(of("0.0.0.0"), mode), ["10.0.0.2", "10.9.9.1", "10.9.9.2"]);
  assert.deepEqual(usedAddresses(of("10.0.0.1"), { loadBalancerClass: "x/y" }), [
    "10.0.0.1",
    "10.0.0.2",
  ]);
});

Deno.test("carriedAddresses() of what is no LoadBalancer are none", () => {
  const annotations = { [given]: "10.0.0.1" };
  assert.deepEqual(carriedAddresses(lbService({ annotations, spec: { type: "ClusterIP" } })), []);
});

const cases: readonly (readonly [string, ServiceChange, readonly string[]])[] = [
  ["a new wish", {}, []],
  ["a labelled one", { metadata: { labels } }, ["10.0.0.1"]],
  [
    "one that was served by its field",
    { metadata: { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] } },
    ["10.0.0.1"],
  ],
  [
    "one whose annotation or field was changed since",
    { metadata: { labels }, spec: { loadBalancerIP: "10.0.0.7" } },
    ["10.0.0.1", "10.0.0.7"],
  ],
  [
    "one whose annotation goes before its field",
    {
      metadata: { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] },
      spec: { loadBalancerIP: "10.0.0.7" },
    },
    ["10.0.0.1"],
  ],
  ["another controller's", { spec: { loadBalancerClass: "x/y" } }, ["10.0.0.1"]],
  ["one that is announced", { ingress: [{ ip: "10.0.0.2" }] }, ["10.0.0.2"]],
];

for (const [what, { metadata = {}, ...change }, addresses] of cases) {
  Deno.test(`grantedAddresses() of ${what} are ${addresses.join() || "none"}`, () => {
    const annotations = { [given]: "10.0.0.1" };
    const service = lbService({ ...change, metadata: { ...metadata, annotations } });
    assert.deepEqual(grantedAddresses(service, mode), addresses);
  });
}

Deno.test("isAllocated() needs label, annotation and field, and that they agree", () => {
  const of = (field: string, marks: object) =>
    lbService({
      metadata: { labels: marks, annotations: { [given]: "10.0.0.1,fd00::1" } } as object,
      spec: { loadBalancerIP: field },
    });
  assert.equal(isAllocated(of("10.0.0.1", labels)), true);
  assert.equal(isAllocated(of("10.0.0.2", labels)), false);
  assert.equal(isAllocated(of("", labels)), false);
  assert.equal(isAllocated(of("10.0.0.1", {})), false);
  const annotations = { [given]: "my.host.name" };
  const named = lbService({
    metadata: { labels, annotations },
    spec: { loadBalancerIP: "my.host.name" },
  });
  assert.equal(isAllocated(named), false);
});

const pending = { "berth.dev/pending": "in-use" };
const doubts: readonly (readonly [string, Record<string, string>, string, boolean, boolean])[] = [
  ["one that was given an address", { [given]: "10.0.0.1" }, "10.0.0.1", true, false],
  [
    "the same, while it waits",
    { [given]: "10.0.0.1", ...pending },
    "10.0.0.1",
    true,
    true,
  ],
  ["an annotation that was granted", { [given]: "10.0.0.1" }, "", true, false],
  ["an annotation that waits", { [given]: "10.0.0.1", ...pending }, "", true, true],
  ["a field that differs", { [given]: "10.0.0.1" }, "10.0.0.2", true, true],
  ["a field whose annotation was removed", {}, "10.0.0.2", true, true],
  [
    "a field that was granted",
    { [given]: "10.0.0.1", "berth.dev/field-copy": "10.0.0.1" },
    "10.0.0.1",
    false,
    false,
  ],
  ["a wish that waits", { [given]: "10.0.0.1", ...pending }, "", false, true],
];

for (const [what, annotations, loadBalancerIP, isLabelled, unsure] of doubts) {
  Deno.test(`isUnsure() of ${what} is ${unsure}`, () => {
    const metadata = { labels: isLabelled ? labels : {}, annotations };
    assert.equal(isUnsure(lbService({ metadata, spec: { loadBalancerIP } })), unsure);
  });
}
