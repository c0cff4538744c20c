import assert from "assert";
import { Ledger } from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import { type IpamPlan, planService } from "../../../lib/ipam/mod.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const given = "kube-vip.io/loadbalancerIPs";
const finalizers = ["service.kubernetes.io/load-balancer-cleanup"];
const labels = { implementation: "kube-vip" };
const use = { ports: ["TCP/80"], sharingKey: "" };

/** Plans for `ns/web` where others hold some addresses of 10.0.0.0/30. */
function plan(
  service: Service,
  taken: readonly string[] = [],
  held: readonly string[] = [],
): IpamPlan {
  const { config } = parsePoolConfig({ "cidr-global": "10.0.0.0/30" });
  const ledger = new Ledger(config.pools, { outside: config.outside });
  for (const [i, address] of taken.entries()) ledger.restore(`ns/other${i}`, address, use);
  for (const address of held) ledger.restore("ns/web", address, use);
  return planService(service, {
    ...{ key: "ns/web", config, ledger, namespaceLabels: {}, served: undefined },
    mode: { loadBalancerClass: undefined },
  });
}

function allocated(address: string): Service {
  return lbService({
    metadata: { labels, finalizers, annotations: { [given]: address } },
    spec: { loadBalancerIP: address },
  });
}

Deno.test("planService() gives the first free address", () => {
  const made = plan(lbService(), ["10.0.0.1"]);
  assert.equal(made.kind, "serve");
  assert.deepEqual(made.kind === "serve" && made.addresses, ["10.0.0.2"]);
});

Deno.test("planService() writes nothing into a Service that has all", () => {
  const made = plan(allocated("10.0.0.2"), [], ["10.0.0.2"]);
  assert.equal(made.kind === "serve" && made.patch, undefined);
});

Deno.test("planService() keeps an address that left the pools, and says so", () => {
  const made = plan(allocated("10.7.7.7"), [], ["10.7.7.7"]);
  assert.equal(made.kind, "serve");
  assert.deepEqual(made.kind === "serve" && made.addresses, ["10.7.7.7"]);
  assert.match(made.kind === "serve" ? made.notes[0]?.message ?? "" : "", /10\.7\.7\.7/);
});

Deno.test("planService() moves nobody of two that have one address already", () => {
  const made = plan(allocated("10.0.0.2"), ["10.0.0.2"]);
  assert.equal(made.kind, "wait");
  assert.equal(made.kind === "wait" && made.patch, undefined);
  assert.equal(made.kind === "wait" && made.notes[0]?.reason, "AddressConflict");
});

Deno.test("planService() lets wait who finds nothing", () => {
  const made = plan(lbService(), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  assert.equal(made.kind, "wait");
  assert.equal(made.kind === "wait" && made.notes[0]?.reason, "SyncLoadBalancerFailed");
});

Deno.test("planService() releases what is a LoadBalancer no more", () => {
  const service = allocated("10.0.0.2");
  const made = plan({ ...service, spec: { ...service.spec, type: "ClusterIP" } });
  assert.equal(made.kind, "release");
  assert.deepEqual(made.kind === "release" && made.notes.map(({ reason }) => reason), [
    "DeletingLoadBalancer",
    "DeletedLoadBalancer",
  ]);
});

Deno.test("planService() leaves the others alone", () => {
  assert.deepEqual(plan(lbService({ spec: { type: "NodePort" } })), { kind: "leave" });
});
