import assert from "assert";
import { StatusWriter } from "../../../../lib/cli/app/status_writer.ts";
import { decodeService } from "../../../../lib/kube/mod.ts";
import type { Service } from "../../../../lib/kube/types.ts";
import type { ServingReport } from "../../../../lib/services/mod.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const services = "/api/v1/namespaces/default/services";
const finalizer = "service.kubernetes.io/load-balancer-cleanup";
const failed = { kind: "failed", reason: "SyncLoadBalancerFailed", message: "no" } as const;

function served(address: string): ServingReport {
  const addresses = [{ address, node: "a" }];
  const all = { key: "one/default/web", addresses, warnings: [] };
  return { kind: "served", plane: "kernel", served: all };
}

class WriterBed implements AsyncDisposable {
  readonly api = new ApiBed();
  readonly writer = new StatusWriter({
    client: this.api.client,
    clock: new FakeClock(Date.UTC(2026, 0, 1, 0, 0, 0, 123)),
    signal: new AbortController().signal,
  });

  async create(finalizers: readonly string[] = []): Promise<Service> {
    return decodeService(
      await this.api.create(services, {
        ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web", finalizers } },
        spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
      }),
    );
  }

  async now(): Promise<Service> {
    return decodeService(await this.api.get(`${services}/web`));
  }

  /** Paths of the patches so far. */
  patches(): readonly string[] {
    return this.api.requests.filter(({ method }) => method === "PATCH").map(({ path }) => path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.api[Symbol.asyncDispose]();
  }
}

Deno.test("report() says where ports are published, and clear() forgets it", async () => {
  await using bed = new WriterBed();
  const name = "berth.dev/published-ports";
  const service = await bed.create();
  const report = served("172.18.255.1");
  assert.ok(report.kind === "served");
  const published = [{
    ...{ port: 80, protocol: "TCP", hostAddress: "0.0.0.0", hostPort: 8080 } as const,
  }];
  const there = { ...report, served: { ...report.served, published } };
  for (let i = 0; i < 2; i++) await bed.writer.report(service, there);
  const { metadata, status } = await bed.now();
  assert.equal(metadata.annotations?.[name], "80/TCP=8080");
  assert.match(status?.conditions?.[0]?.message ?? "", /; 80\/TCP at localhost:8080/);
  assert.equal(bed.patches().length, 2);
  await bed.writer.clear(service);
  assert.equal((await bed.now()).metadata.annotations?.[name], undefined);
});

Deno.test("addFinalizer() adds ours once, removeFinalizer() takes it away", async () => {
  await using bed = new WriterBed();
  await bed.writer.addFinalizer(await bed.create(["example.com/theirs"]));
  assert.deepEqual((await bed.now()).metadata.finalizers?.toSorted(), [
    "example.com/theirs",
    finalizer,
  ]);
  await bed.writer.addFinalizer(await bed.now());
  assert.deepEqual(bed.patches(), [`${services}/web`]);
  await bed.writer.removeFinalizer(await bed.now());
  assert.deepEqual((await bed.now()).metadata.finalizers, ["example.com/theirs"]);
  await bed.writer.removeFinalizer(await bed.now());
  assert.equal(bed.patches().length, 2);
});

Deno.test("report() writes what differs, and tells whether addresses do", async () => {
  await using bed = new WriterBed();
  const { writer } = bed;
  assert.equal(await writer.report(await bed.create(), served("172.18.255.1")), true);
  const [condition] = (await bed.now()).status?.conditions ?? [];
  assert.equal(condition?.lastTransitionTime, "2026-01-01T00:00:00Z");
  assert.equal(await writer.report(await bed.now(), served("172.18.255.1")), false);
  assert.equal(bed.patches().length, 1);
  assert.equal(await writer.report(await bed.now(), failed), false);
  assert.equal(await writer.report(await bed.now(), served("172.18.255.2")), true);
  assert.deepEqual(bed.patches(), Array(3).fill(`${services}/web/status`));
  assert.equal((await bed.now()).status?.loadBalancer?.ingress?.[0]?.ip, "172.18.255.2");
});

Deno.test("clear() and removeFinalizer() undo what the watch has not shown yet", async () => {
  await using bed = new WriterBed();
  const { writer } = bed;
  const stale = await bed.create();
  await writer.addFinalizer(stale);
  await writer.report(stale, served("172.18.255.1"));
  assert.deepEqual([...writer.keys()], ["default/web"]);
  await writer.clear(stale);
  await writer.removeFinalizer(stale);
  const { metadata, status } = await bed.now();
  assert.deepEqual([metadata.finalizers, status?.loadBalancer?.ingress ?? []], [undefined, []]);
  assert.equal(status?.conditions?.[0]?.reason, "Released");
  assert.deepEqual([...writer.keys()], []);
});

Deno.test("report() does not write again what the watch has not shown yet, but mends it later", async () => {
  await using bed = new WriterBed();
  const { writer } = bed;
  const stale = await bed.create();
  assert.equal(await writer.report(stale, served("172.18.255.1")), true);
  assert.equal(await writer.report(stale, served("172.18.255.1")), false);
  assert.equal(bed.patches().length, 1);
  await bed.api.patch(`${services}/web/status`, { status: { loadBalancer: null } });
  assert.equal(await writer.report(await bed.now(), served("172.18.255.1")), true);
});

Deno.test("report() on a Service made again does not take it for the old one", async () => {
  await using bed = new WriterBed();
  const { writer } = bed;
  await writer.report(await bed.create(), served("172.18.255.1"));
  await bed.api.remove(`${services}/web`);
  assert.equal(await writer.report(await bed.create(), served("172.18.255.1")), true);
});

Deno.test("clear() leaves a Service alone that was never written to", async () => {
  await using bed = new WriterBed();
  const service = await bed.create();
  await bed.writer.clear(service);
  await bed.writer.removeFinalizer(service);
  assert.deepEqual(bed.patches(), []);
});

Deno.test("forget() drops what was written", async () => {
  await using bed = new WriterBed();
  const stale = await bed.create();
  await bed.writer.addFinalizer(stale);
  bed.writer.forget("default/web");
  await bed.writer.removeFinalizer(stale);
  assert.deepEqual((await bed.now()).metadata.finalizers, [finalizer]);
});

Deno.test("every write is fine with a Service that is gone, and with nothing else", async () => {
  await using bed = new WriterBed();
  const { writer } = bed;
  const service = await bed.create([finalizer]);
  const calls = [
    () => writer.report(service, served("172.18.255.1")),
    () => writer.clear({ ...service, status: { loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } } }),
    () => writer.removeFinalizer(service),
    () => writer.addFinalizer({ ...service, metadata: { ...service.metadata, finalizers: [] } }),
  ];
  bed.api.fault = () => ({ kind: "status", code: 500 });
  for (const call of calls) await assert.rejects(call(), { status: 500 });
  bed.api.fault = () => undefined;
  await bed.api.patch(`${services}/web`, { metadata: { finalizers: null } });
  await bed.api.remove(`${services}/web`);
  for (const call of calls) await call();
});
