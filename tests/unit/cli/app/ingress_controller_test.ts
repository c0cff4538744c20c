import assert from "assert";
import { IngressController } from "../../../../lib/cli/app/ingress_controller.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import { createDispatcher, type Dispatcher, type RunInfo } from "../../../../lib/dispatch/mod.ts";
import { DEFAULT_CLASS_ANNOTATION, INGRESS_CLASSES } from "../../../../lib/ingress/mod.ts";
import type { EventRecorder, Listing, ListOptions } from "../../../../lib/kube/mod.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeIngressPool } from "../../../fakes/fake_ingress_pool.ts";
import { ingress, service, to } from "../../../fakes/ingress_objects.ts";
import { StarvedList } from "../../../fakes/starved_list.ts";

const ingresses = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";

/** An API server that takes its time to list one collection. */
class SlowApi extends FakeApi {
  readonly #end: string;
  readonly #held = Promise.withResolvers<void>();

  constructor(end: string) {
    super();
    this.#end = end;
  }

  goOn(): void {
    this.#held.resolve();
  }

  override async list(path: string, options: ListOptions): Promise<Listing> {
    if (path.endsWith(this.#end)) await this.#held.promise;
    return await super.list(path, options);
  }
}

/** The Ingress part of a cluster, but for the proxy. */
class Cluster implements AsyncDisposable {
  readonly api: FakeApi;
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly services = new ServiceStore();
  readonly ledger = ledgerOf("172.18.0.0/24");
  readonly pool = new FakeIngressPool(this.ledger);
  readonly dispatcher: Dispatcher;
  readonly controller: IngressController;
  readonly #stop = new AbortController();

  constructor(api = new FakeApi()) {
    this.api = api;
    const { pool, ledger, services, clock } = this;
    this.services.putService(service("web"));
    this.dispatcher = createDispatcher({
      clock,
      random: () => 0,
      run: (key, signal, info) => this.controller.run(key, signal, info),
      onError: () => {},
    });
    this.controller = new IngressController({
      ...{ cluster: "one", asDefault: true, ledger, pool, clock, services },
      random: () => 0,
      families: () => "IPv4",
      add: (key, options) => this.dispatcher.add(key, options),
      starved: new StarvedList(),
    });
  }

  async start(): Promise<void> {
    const recorder = { record: () => {} } as unknown as EventRecorder;
    await this.controller.connect({ client: this.api, recorder, signal: this.#stop.signal });
    this.controller.start();
  }

  put(name: string, status?: object): void {
    const object = ingress(name, { ingressClassName: "berth", defaultBackend: to("web") });
    this.api.put(ingresses, { ...object, ...(status && { status }) } as unknown as FakeObject);
  }

  /** Of no class, where ours is the default one. */
  putDefault(name: string): void {
    const annotations = { [DEFAULT_CLASS_ANNOTATION]: "true" };
    const [{ name: className = "", controller = "" } = {}] = INGRESS_CLASSES;
    this.api.put("/apis/networking.k8s.io/v1/ingressclasses", {
      metadata: { name: className, annotations },
      spec: { controller },
    });
    const object = ingress(name, { defaultBackend: to("web") });
    this.api.put(ingresses, object as unknown as FakeObject);
  }

  address(name: string): string | undefined {
    return this.api.at(`${ingresses}/${name}`)?.["status"]?.loadBalancer?.ingress?.[0]?.ip;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispatcher.drain({ signal: AbortSignal.timeout(1_000) });
    this.#stop.abort();
    await this.controller.disconnect();
  }
}

Deno.test("an Ingress gets an address as soon as it appears", async () => {
  await using cluster = new Cluster();
  await cluster.start();
  cluster.put("a");
  await cluster.api.until(() => cluster.address("a") !== undefined);
  assert.deepEqual(cluster.ledger.held("one/ingress"), [cluster.address("a")]);
  assert.deepEqual(cluster.controller.carriedBy(0), ["one/ingress"]);
});

Deno.test("release() at the end of berth takes the address out of the status", async () => {
  await using cluster = new Cluster();
  await cluster.start();
  cluster.put("a");
  await cluster.api.until(() => cluster.address("a") !== undefined);
  await cluster.dispatcher.drain({ signal: AbortSignal.timeout(1_000) });
  await cluster.controller.release("ingress", new AbortController().signal);
  assert.equal(cluster.address("a"), undefined);
  assert.deepEqual(cluster.ledger.held("one/ingress"), []);
});

Deno.test("connect() notes the address that the statuses show, start() serves on it", async () => {
  await using cluster = new Cluster();
  cluster.put("a", { loadBalancer: { ingress: [{ ip: "172.18.0.199" }] } });
  await cluster.start();
  cluster.put("b");
  await cluster.api.until(() => cluster.address("b") !== undefined);
  assert.equal(cluster.address("b"), "172.18.0.199");
});

Deno.test("start() takes nothing away while Ingresses and classes are not listed yet", async (test) => {
  for (const slow of ["ingresses", "ingressclasses"]) {
    await test.step(slow, async () => {
      const api = new SlowApi(`/${slow}`);
      await using cluster = new Cluster(api);
      cluster.putDefault("a");
      cluster.ledger.adopt("one/ingress", "172.18.0.199");
      const started = cluster.start();
      await cluster.clock.advance(3_000);
      await started;
      // as the cluster asks for every key that holds an address
      const { signal } = new AbortController();
      await cluster.controller.run("ingress", signal, { waitedMs: 0 } as RunInfo);
      const found = [cluster.pool.seen, cluster.ledger.held("one/ingress")];
      api.goOn();
      assert.deepEqual(found, [[], ["172.18.0.199"]]);
    });
  }
});

Deno.test("start() serves as soon as a late listing comes", async () => {
  const api = new SlowApi("/ingresses");
  await using cluster = new Cluster(api);
  cluster.putDefault("a");
  const started = cluster.start();
  await cluster.clock.advance(3_000);
  await started;
  api.goOn();
  await cluster.api.until(() => cluster.address("a") !== undefined);
  assert.deepEqual(cluster.pool.seen, ["ingress"]);
});

Deno.test("serviceChanged() runs for Services that an Ingress leads to", async () => {
  await using cluster = new Cluster();
  await cluster.start();
  cluster.put("a");
  await cluster.api.until(() => cluster.address("a") !== undefined);
  const jobs = cluster.pool.jobs.length;
  const next = Promise.withResolvers<void>();
  cluster.pool.onJob = next.resolve;
  cluster.controller.serviceChanged("shop/other");
  cluster.services.putService(service("web", { sessionAffinity: "ClientIP" }));
  cluster.controller.serviceChanged("shop/web");
  await next.promise;
  assert.equal(cluster.pool.jobs.length, jobs + 1);
});

Deno.test("owns() tells our keys from those of Services and Gateways", () => {
  const { controller } = new Cluster();
  const keys = ["ingress", "ingress-classes", "shop/ingress", "gateway/shop/ingress"];
  assert.deepEqual(keys.filter((key) => controller.owns(key)), ["ingress", "ingress-classes"]);
});
