import assert from "assert";
import { IngressRunner } from "../../../../lib/cli/app/ingress_runner.ts";
import { IngressStore } from "../../../../lib/cli/app/ingress_store.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import type { IngressStatusWrite } from "../../../../lib/ingress/mod.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeIngressPool } from "../../../fakes/fake_ingress_pool.ts";
import { ingress, service, to } from "../../../fakes/ingress_objects.ts";
import { StarvedList } from "../../../fakes/starved_list.ts";

const signal = new AbortController().signal;
const key = "one/ingress";

class RunnerBed {
  readonly store = new IngressStore();
  readonly services = new ServiceStore();
  readonly ledger = ledgerOf("172.18.0.0/24");
  readonly pool = new FakeIngressPool(this.ledger);
  readonly writes: IngressStatusWrite[] = [];
  readonly events: string[] = [];
  readonly held: (readonly string[])[] = [];
  /** Secrets were listed in time. */
  known = true;
  readonly starved = new StarvedList();
  /** Name of the Ingress whose status cannot be written. */
  failing = "";
  readonly runner = new IngressRunner({
    ...{ cluster: "one", store: this.store, services: this.services, ledger: this.ledger },
    pool: this.pool,
    references: {
      hold: (_holder, names) => {
        this.held.push(names);
        return Promise.resolve(this.known);
      },
      secrets: () => [],
    },
    recorder: {
      record: ({ metadata }, { reason }) => this.events.push(`${metadata.name} ${reason}`),
    },
    clock: new FakeClock(0),
    write: (status) => {
      if (status.name === this.failing) throw new Error(`${status.name} is not written`);
      this.writes.push(status);
      const object = this.store.ingress(`${status.namespace}/${status.name}`);
      if (object !== undefined) {
        this.store.putIngress({ ...object, status: { loadBalancer: status.loadBalancer } });
      }
      return Promise.resolve();
    },
    families: () => "IPv4",
    starved: this.starved,
  });

  constructor() {
    this.services.putService(service("web"));
    this.put("a");
  }

  put(name: string, backend = "web", ingressClassName = "berth"): void {
    const before = this.store.ingress(`shop/${name}`);
    const object = ingress(name, { ingressClassName, defaultBackend: to(backend) });
    const { status } = before ?? {};
    this.store.putIngress({ ...object, ...(status === undefined ? {} : { status }) });
  }
}

Deno.test("run() serves our Ingresses on one address and tells each", async () => {
  const bed = new RunnerBed();
  bed.put("b");
  assert.deepEqual(await bed.runner.run(signal), { kind: "done" });
  const [address] = bed.ledger.held(key);
  assert.deepEqual(bed.writes.map(({ name, loadBalancer }) => [name, loadBalancer]), [
    ["a", { ingress: [{ ip: address, ports: [{ port: 80, protocol: "TCP" }] }] }],
    ["b", { ingress: [{ ip: address, ports: [{ port: 80, protocol: "TCP" }] }] }],
  ]);
});

Deno.test("run() sends no second job and writes nothing while nothing changed", async () => {
  const bed = new RunnerBed();
  await bed.runner.run(signal);
  await bed.runner.run(signal);
  assert.deepEqual(bed.pool.seen, ["ingress"]);
  assert.equal(bed.writes.length, 1);
  bed.runner.invalidate();
  await bed.runner.run(signal);
  assert.deepEqual(bed.pool.seen, ["ingress", "ingress"]);
  assert.equal(bed.writes.length, 1);
});

Deno.test("run() records a problem once", async () => {
  const bed = new RunnerBed();
  bed.put("b", "none");
  await bed.runner.run(signal);
  bed.put("c");
  await bed.runner.run(signal);
  assert.deepEqual(bed.events, ["b BackendNotFound"]);
});

Deno.test("run() clears the status of an Ingress that stopped being ours", async () => {
  const bed = new RunnerBed();
  bed.put("b");
  await bed.runner.run(signal);
  bed.put("b", "web", "nginx");
  await bed.runner.run(signal);
  assert.deepEqual(bed.writes.at(-1), {
    ...{ namespace: "shop", name: "b", loadBalancer: { ingress: [] } },
  });
});

Deno.test("run() takes the proxy away with the last Ingress", async () => {
  const bed = new RunnerBed();
  await bed.runner.run(signal);
  assert.equal(bed.runner.serves, true);
  bed.put("a", "web", "nginx");
  await bed.runner.run(signal);
  assert.deepEqual(bed.pool.seen, ["ingress", "remove"]);
  assert.deepEqual(bed.ledger.held(key), []);
  assert.deepEqual([bed.starved.freed.length, bed.runner.serves], [1, false]);
  assert.deepEqual(bed.writes.at(-1)?.loadBalancer, { ingress: [] });
  await bed.runner.run(signal);
  assert.equal(bed.pool.jobs.length, 2);
});

Deno.test("release() clears the statuses that show our address, and no others", async () => {
  const bed = new RunnerBed();
  bed.ledger.adopt(key, "172.18.0.200");
  const shows = (name: string, ip: string) => {
    const object = ingress(name, { ingressClassName: "berth", defaultBackend: to("web") });
    bed.store.putIngress({ ...object, status: { loadBalancer: { ingress: [{ ip }] } } });
  };
  shows("b", "172.18.0.200");
  shows("c", "10.0.0.1");
  await bed.runner.release(signal);
  assert.deepEqual(bed.writes, [
    { namespace: "shop", name: "b", loadBalancer: { ingress: [] } },
  ]);
  assert.deepEqual(bed.ledger.held(key), []);
});

Deno.test("release() clears the other statuses when one write fails, and tries again", async () => {
  const bed = new RunnerBed();
  bed.put("b");
  await bed.runner.run(signal);
  bed.failing = "a";
  await assert.rejects(bed.runner.release(signal), /a is not written/);
  assert.deepEqual(bed.store.ingress("shop/b")?.status?.loadBalancer, { ingress: [] });
  bed.failing = "";
  await bed.runner.release(signal);
  assert.deepEqual(bed.store.ingress("shop/a")?.status?.loadBalancer, { ingress: [] });
  assert.deepEqual(bed.ledger.held(key), []);
});

Deno.test("run() tells every Ingress why the proxy does not serve, and tries again", async () => {
  const bed = new RunnerBed();
  bed.pool.failure = { errorKind: "exhausted", message: "no free IPv4 address is left" };
  assert.deepEqual(await bed.runner.run(signal), { kind: "failed", retryable: true });
  assert.deepEqual([bed.events, [...bed.starved.keys]], [["a NotServed"], ["ingress"]]);
  bed.pool.failure = undefined;
  assert.deepEqual(await bed.runner.run(signal), { kind: "done" });
  assert.deepEqual([bed.starved.keys.size, bed.writes.length], [0, 1]);
});

Deno.test("run() tells every Ingress what Envoy refuses, once", async () => {
  const bed = new RunnerBed();
  bed.pool.refused = [{ port: 443, message: "bad certificate" }];
  await bed.runner.run(signal);
  bed.runner.invalidate();
  await bed.runner.run(signal);
  assert.deepEqual(bed.events, ["a NotServed"]);
});

Deno.test("run() clears who left though another status cannot be written", async () => {
  const bed = new RunnerBed();
  bed.put("b");
  await bed.runner.run(signal);
  bed.put("b", "web", "nginx");
  bed.put("c");
  bed.failing = "c";
  await assert.rejects(bed.runner.run(signal), /c is not written/);
  assert.deepEqual(bed.store.ingress("shop/b")?.status?.loadBalancer?.ingress, []);
});

Deno.test("run() plans nothing without Secrets that are not listed yet", async () => {
  const bed = new RunnerBed();
  bed.known = false;
  assert.deepEqual(await bed.runner.run(signal), { kind: "failed", retryable: true });
  assert.deepEqual(bed.pool.seen, []);
  bed.known = true;
  assert.deepEqual(await bed.runner.run(signal), { kind: "done" });
});
