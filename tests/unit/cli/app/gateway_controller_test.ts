import assert from "assert";
import { GatewayController } from "../../../../lib/cli/app/gateway_controller.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import { createDispatcher, type Dispatcher } from "../../../../lib/dispatch/mod.ts";
import type { EventRecorder } from "../../../../lib/kube/mod.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeGatewayPool } from "../../../fakes/fake_gateway_pool.ts";
import { gateway, httpRoute } from "../../../fakes/gateway_objects.ts";
import { StarvedList } from "../../../fakes/starved_list.ts";

const group = "/apis/gateway.networking.k8s.io/v1";
const gateways = `${group}/namespaces/ns/gateways`;
const routes = `${group}/namespaces/ns/httproutes`;

/** The whole Gateway part of a cluster, but for proxies. */
class Cluster implements AsyncDisposable {
  readonly api = new FakeApi();
  readonly pool = new FakeGatewayPool();
  readonly ledger = ledgerOf("172.18.0.0/24");
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly dispatcher: Dispatcher;
  readonly controller: GatewayController;
  readonly #stop = new AbortController();

  constructor() {
    const { clock, pool, ledger } = this;
    this.dispatcher = createDispatcher({
      clock,
      random: () => 0,
      run: (key, signal, info) => this.controller.run(key, signal, info),
      onError: () => {},
    });
    this.controller = new GatewayController({
      ...{ cluster: "one", channel: "standard", ledger, pool, clock },
      services: new ServiceStore(),
      random: () => 0,
      families: () => "IPv4",
      add: (key, options) => this.dispatcher.add(key, options),
      starved: new StarvedList(),
    });
  }

  async start(): Promise<void> {
    const recorder = { record: () => {} } as unknown as EventRecorder;
    const signal = this.#stop.signal;
    await this.controller.connect({ client: this.api, recorder, signal });
    this.controller.start();
  }

  put(path: string, object: object): void {
    this.api.put(path, object as FakeObject);
  }

  /** The first address in a Gateway's status. */
  address(name = "gw"): string | undefined {
    return this.api.at(`${gateways}/${name}`)?.["status"]?.addresses?.[0]?.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.controller.disconnect();
    this.#stop.abort();
    await this.dispatcher[Symbol.asyncDispose]();
  }
}

/** A cluster with the definitions that matter here. */
function defined(): Cluster {
  const cluster = new Cluster();
  for (const plural of ["gatewayclasses", "gateways", "httproutes"]) cluster.api.define(plural);
  return cluster;
}

Deno.test("a Gateway and its route are served, and let go when they go", async () => {
  await using cluster = defined();
  await cluster.start();
  cluster.put(gateways, gateway());
  cluster.put(routes, httpRoute());
  const parents = () => cluster.api.at(`${routes}/route`)?.["status"]?.parents ?? [];
  await cluster.api.until(() => cluster.address() !== undefined && parents().length === 1);
  assert.equal(parents()[0].controllerName, "berth.dev/gateway-controller");
  cluster.api.remove(`${gateways}/gw`);
  await cluster.api.until(() => parents().length === 0);
  assert.ok(cluster.pool.seen.includes("remove one/gateway/ns/gw"));
  assert.deepEqual(cluster.ledger.held("one/gateway/ns/gw"), []);
});

Deno.test("a Gateway that another class gets loses our address", async () => {
  await using cluster = defined();
  const [first] = cluster.ledger.view("one/gateway/ns/gw").free.IPv4;
  const status = { addresses: [{ type: "IPAddress", value: first }] };
  cluster.put(`${group}/gatewayclasses`, {
    ...{ metadata: { name: "berth" }, spec: { controllerName: "berth.dev/gateway-controller" } },
  });
  cluster.put(gateways, gateway("gw", { status: status as never }));
  await cluster.start();
  assert.deepEqual(cluster.ledger.held("one/gateway/ns/gw"), [first]);
  const spec = { gatewayClassName: "other", listeners: [] };
  cluster.put(gateways, gateway("gw", { spec, status: status as never }));
  await cluster.api.until(() => cluster.address() === undefined);
  assert.deepEqual(cluster.ledger.held("one/gateway/ns/gw"), []);
});

Deno.test("a status that somebody undid again and again is written once more later", async () => {
  await using cluster = defined();
  await cluster.start();
  cluster.put(gateways, gateway());
  await cluster.api.until(() => cluster.address() !== undefined);
  for (let round = 0; round < 10; round++) {
    cluster.put(gateways, gateway());
    await cluster.clock.advance(0);
    await cluster.dispatcher.idle();
  }
  assert.equal(cluster.address(), undefined);
  await cluster.clock.advance(31_000);
  await cluster.dispatcher.idle();
  assert.notEqual(cluster.address(), undefined);
});

Deno.test("an object of an old release keeps no Gateway from being served", async () => {
  await using cluster = defined();
  cluster.api.define("backendtlspolicies", ["v1alpha2"]);
  cluster.put("/apis/gateway.networking.k8s.io/v1alpha2/namespaces/ns/backendtlspolicies", {
    metadata: { name: "old" },
    spec: { targetRef: { group: "", kind: "Service", name: "web" }, tls: { hostname: "web" } },
  });
  cluster.put(gateways, gateway());
  const started = cluster.start();
  await cluster.clock.advance(5_000);
  await started;
  await cluster.clock.advance(5_000);
  await cluster.dispatcher.idle();
  assert.notEqual(cluster.address(), undefined);
});

Deno.test("the definitions and classes are made where they are absent", async () => {
  await using cluster = new Cluster();
  await cluster.start();
  const names = ["gatewayclasses", "gateways", "httproutes", "udproutes"];
  const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const there = (name: string) =>
    cluster.api.at(`${crds}/${name}.gateway.networking.k8s.io`) !== undefined;
  await cluster.api.until(() => names.every(there));
});

Deno.test("a class is made, accepted, and stays away once a person removed it", async () => {
  await using cluster = defined();
  await cluster.start();
  const path = `${group}/gatewayclasses/berth`;
  await cluster.api.until(() => cluster.api.at(path)?.["status"]?.conditions?.length > 0);
  await cluster.dispatcher.idle();
  cluster.api.remove(path);
  await cluster.dispatcher.idle();
  assert.equal(cluster.api.at(path), undefined);
});

Deno.test("an address in a status is noted before anything is given", async () => {
  await using cluster = defined();
  const [first] = cluster.ledger.view("one/gateway/ns/gw").free.IPv4;
  const status = { addresses: [{ type: "IPAddress", value: first }] };
  cluster.put(`${group}/gatewayclasses`, {
    ...{ metadata: { name: "berth" }, spec: { controllerName: "berth.dev/gateway-controller" } },
  });
  cluster.put(gateways, gateway("gw", { status: status as never }));
  await cluster.start();
  assert.deepEqual(cluster.ledger.held("one/gateway/ns/gw"), [first]);
});

Deno.test("what the data path carries of a Gateway that is gone is taken back", async () => {
  await using cluster = defined();
  cluster.ledger.adopt("one/gateway/ns/old", "172.18.0.200");
  await cluster.controller.run("gateway/ns/old", new AbortController().signal, {
    ...{ waitedMs: 0, failures: 0 },
  });
  assert.deepEqual(cluster.pool.seen, [], "nothing is taken back before all is known");
  await cluster.start();
  await cluster.api.until(() => cluster.api.at(`${group}/gatewayclasses/berth`) !== undefined);
  await cluster.dispatcher.idle();
  assert.deepEqual(cluster.pool.seen, ["remove one/gateway/ns/old"]);
});

Deno.test("owns() tells Gateways' keys from Services'", () => {
  const { controller } = new Cluster();
  for (const key of ["gateway/ns/gw", "~class/berth"]) assert.ok(controller.owns(key), key);
  for (const key of ["gateway/web", "ns/web", "ingress"]) assert.ok(!controller.owns(key), key);
});

Deno.test("applyAgain() sends a Gateway again though nothing changed", async () => {
  await using cluster = defined();
  await cluster.start();
  cluster.put(gateways, gateway());
  await cluster.api.until(() => cluster.address() !== undefined);
  await cluster.dispatcher.idle();
  const jobs = cluster.pool.jobs.length;
  assert.deepEqual(cluster.controller.carriedBy(0), ["one/gateway/ns/gw"]);
  cluster.controller.applyAgain("one/gateway/ns/gw");
  await cluster.dispatcher.idle();
  assert.equal(cluster.pool.jobs.length, jobs + 1);
});
