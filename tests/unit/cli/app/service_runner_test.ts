import { PodStore } from "../../../../lib/cli/app/pod_store.ts";
import assert from "assert";
import { type Confirmation, ServiceRunner } from "../../../../lib/cli/app/service_runner.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import { StatusWriter } from "../../../../lib/cli/app/status_writer.ts";
import { AppError, systemClock } from "../../../../lib/core/mod.ts";
import type { WorkerPool } from "../../../../lib/dispatch/mod.ts";
import type { Job, Outcome } from "../../../../lib/dispatch/types.ts";
import { decodeService, EventRecorder } from "../../../../lib/kube/mod.ts";
import type { Service } from "../../../../lib/kube/types.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";
import { endpointSlice } from "../../../fakes/kube_objects.ts";
import { KeptLog } from "../../../fakes/kept_log.ts";
import { StarvedList } from "../../../fakes/starved_list.ts";

const { signal } = new AbortController();
const services = "/api/v1/namespaces/default/services";
const key = "default/web";
const full = `one/${key}`;
const address = "10.0.0.9";

function served(change: Partial<Outcome & { kind: "served" }> = {}, node = "a"): Outcome {
  const served = { key: full, addresses: [{ address, node }], warnings: [] };
  return { kind: "served", served, plane: "kernel", events: [], stages: { plan: 1 }, ...change };
}

function failed(errorKind: string): Outcome {
  const event = { type: "Warning", reason: "SyncLoadBalancerFailed", message: "no" } as const;
  return { kind: "failed", errorKind, message: "no", events: [event] };
}

/** A runner over the emulator, with workers that answer as told. */
class RunnerBed implements AsyncDisposable {
  readonly api = new ApiBed();
  readonly store = new ServiceStore();
  readonly ledger = ledgerOf("10.0.0.0/24");
  readonly jobs: Job[] = [];
  readonly confirmed: Confirmation[] = [];
  readonly starved = new StarvedList();
  /** What workers answer: the next of these, in the end the last one for ever. */
  answers: (Outcome | Error)[] = [served()];
  readonly #recorder = new EventRecorder({
    ...{ client: this.api.client, clock: systemClock, signal, onError: () => {} },
  });
  readonly runner = new ServiceRunner({
    pods: new PodStore(),
    ...{ cluster: "one", store: this.store, ledger: this.ledger, pool: this.#pool() },
    writer: new StatusWriter({ client: this.api.client, clock: systemClock, signal }),
    ...{ recorder: this.#recorder, defaultPlane: "kernel", clock: systemClock },
    nodes: () => "a:true",
    starved: this.starved,
    confirmed: (result) => this.confirmed.push(result),
  });

  /** Creates the Service and lets the store know it. */
  async expose(change: object = {}, spec: object = {}): Promise<Service> {
    await this.api.create(services, {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web", ...change } },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
    });
    return await this.refresh();
  }

  /** What the watch does: the store gets the newest state. */
  async refresh(): Promise<Service> {
    const service = decodeService(await this.api.get(`${services}/web`));
    this.store.putService(service);
    return service;
  }

  /** One run, its outcome in a word. */
  async run(): Promise<string> {
    const result = await this.runner.run(key, signal);
    if (result.kind !== "failed") return result.kind;
    return result.retryable ? "retry" : "give up";
  }

  /** Reasons of the events written so far. */
  async events(): Promise<readonly string[]> {
    await this.#recorder.flushed();
    return this.api.objects("events").map(({ reason }) => reason).toSorted();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.api[Symbol.asyncDispose]();
  }

  #pool(): WorkerPool<Job, Outcome> {
    return {
      run: (_key, job) => {
        this.jobs.push(job);
        const [answer = served()] = this.answers;
        if (this.answers.length > 1) this.answers.shift();
        if (answer instanceof Error) return Promise.reject(answer);
        if (job.kind === "remove" && answer.kind === "served") {
          return Promise.resolve({ kind: "removed", stages: {} });
        }
        if (job.kind === "ensure") {
          this.ledger.commit(full, [address], { ports: [], sharingKey: "" });
        }
        return Promise.resolve(answer);
      },
      ...{ broadcast: () => {}, workerOf: () => 0, warm: () => {} },
      ...{ drain: () => Promise.resolve(), [Symbol.asyncDispose]: () => Promise.resolve() },
    };
  }
}

function ip({ status }: Service): string | undefined {
  return status?.loadBalancer?.ingress?.[0]?.ip;
}

Deno.test("run() ignores what is not there and what is not ours", async () => {
  await using bed = new RunnerBed();
  assert.equal(await bed.run(), "done");
  await bed.expose();
  await bed.api.patch(`${services}/web`, { spec: { type: "ClusterIP" } });
  await bed.refresh();
  assert.equal(await bed.run(), "done");
  assert.deepEqual([bed.jobs, await bed.events()], [[], []]);
});

Deno.test("run() tells once of a class that only looks like one of ours", async () => {
  await using bed = new RunnerBed();
  await bed.expose({}, { loadBalancerClass: "berth.dev/kernal" });
  assert.equal(await bed.run(), "done");
  assert.equal(await bed.run(), "done");
  assert.equal((await bed.events()).length, 1);
  const told = bed.api.objects("events").map(({ count = 1, message }) => [count, message]);
  assert.deepEqual(told.map(([count]) => count), [1]);
  assert.match(String(told[0]?.[1]), /^loadBalancerClass "berth.dev\/kernal" does not exist: /);
  assert.deepEqual(bed.jobs, []);
});

Deno.test("run() serves once, and again only when something changed", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  assert.equal(await bed.run(), "done");
  const service = await bed.refresh();
  assert.equal(ip(service), address);
  assert.equal(service.metadata.finalizers?.length, 1);
  assert.equal(await bed.run(), "done");
  assert.equal(bed.jobs.length, 1);
  bed.store.putSlice({
    ...endpointSlice(),
    metadata: { ...endpointSlice().metadata, namespace: "default" },
  });
  assert.equal(await bed.run(), "done");
  bed.runner.invalidate(key);
  assert.equal(await bed.run(), "done");
  assert.equal(bed.jobs.length, 3);
  assert.deepEqual(bed.confirmed.map(({ first }) => first), [true, false, false]);
  assert.deepEqual(Object.keys(bed.confirmed[0]?.stages ?? {}), [
    "queue",
    "message",
    "plan",
    "status",
  ]);
  assert.deepEqual(await bed.events(), ["EnsuredLoadBalancer", "EnsuringLoadBalancer"]);
});

Deno.test("run() mends a status and a finalizer that somebody took away", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  await bed.run();
  await bed.api.patch(`${services}/web/status`, { status: { loadBalancer: null } });
  await bed.api.patch(`${services}/web`, { metadata: { finalizers: null } });
  await bed.refresh();
  assert.equal(await bed.run(), "done");
  const service = await bed.refresh();
  assert.deepEqual([ip(service), service.metadata.finalizers?.length], [address, 1]);
  assert.equal(bed.jobs.length, 1);
});

Deno.test("run() tells of new addresses and of warnings", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  await bed.run();
  await bed.refresh();
  const events = [{ type: "Warning", reason: "LoadBalancerWarning", message: "w" }] as const;
  const addresses = [{ address: "10.0.0.7" }];
  const moved = { key: full, addresses, warnings: [] };
  bed.answers = [served({ served: moved, events })];
  bed.runner.invalidate(key);
  await bed.run();
  assert.deepEqual((await bed.events()).filter((reason) => !reason.startsWith("Ensur")), [
    "LoadBalancerWarning",
    "UpdatedLoadBalancer",
  ]);
});

Deno.test("run() says what failed, and whether trying again helps", async () => {
  const cases: readonly (readonly [Outcome | Error, string, readonly string[]])[] = [
    [failed("invalid"), "give up", []],
    [failed("unavailable"), "retry", []],
    [failed("exhausted"), "retry", [key]],
    [failed("conflict"), "retry", [key]],
    [new AppError("worker was lost", { kind: "unavailable" }), "retry", []],
  ];
  for (const [answer, expected, starved] of cases) {
    await using bed = new RunnerBed();
    bed.answers = [answer];
    await bed.expose();
    assert.equal(await bed.run(), expected);
    assert.deepEqual([...bed.starved.keys], starved);
    assert.deepEqual(await bed.events(), ["EnsuringLoadBalancer", "SyncLoadBalancerFailed"]);
    const { status } = await bed.refresh();
    assert.equal(status?.conditions?.[0]?.reason, "SyncLoadBalancerFailed");
    assert.deepEqual(bed.ledger.held(full), [], "what a failed first try took is given back");
    bed.answers = [served()];
    assert.equal(await bed.run(), "done");
    assert.deepEqual([...bed.starved.keys], []);
  }
});

Deno.test("run() logs once why a Service is not served, in the words of its event", async () => {
  await using bed = new RunnerBed();
  await using log = await KeptLog.open();
  bed.answers = [failed("exhausted")];
  await bed.expose();
  await bed.run();
  await bed.run();
  assert.deepEqual(log.fieldsOf(/^service not served$/), [{ service: full, reason: "no" }]);
});

Deno.test("run() of a Service that waits in vain is over with the Service", async () => {
  await using bed = new RunnerBed();
  bed.answers = [failed("exhausted")];
  await bed.expose();
  await bed.run();
  bed.store.removeService(await bed.refresh());
  assert.equal(await bed.run(), "done");
  assert.deepEqual([[...bed.starved.keys], [...bed.runner.touched()]], [[], []]);
});

Deno.test("run() refuses a plane that does not exist, before any job", async () => {
  await using bed = new RunnerBed();
  await bed.expose({ annotations: { "berth.dev/plane": "warp" } });
  assert.equal(await bed.run(), "give up");
  assert.deepEqual(bed.jobs, []);
});

for (const path of [`${services}/web`, `${services}/web/status`]) {
  Deno.test(`run() goes on after a failed write of ${path}`, async () => {
    await using bed = new RunnerBed();
    await bed.expose();
    bed.api.fail(
      { kind: "status", code: 500 },
      1,
      (request) => request.method === "PATCH" && request.path === path,
    );
    await assert.rejects(bed.run(), { status: 500 });
    await bed.refresh();
    assert.equal(await bed.run(), "done");
    const service = await bed.refresh();
    assert.deepEqual([ip(service), service.metadata.finalizers?.length], [address, 1]);
    assert.deepEqual(bed.confirmed.map(({ first }) => first), [true]);
    assert.ok((await bed.events()).includes("EnsuredLoadBalancer"));
  });
}

Deno.test("moved() writes where addresses are now", async () => {
  await using bed = new RunnerBed();
  const there = { key: full, addresses: [{ address, node: "b" }], warnings: [] };
  await bed.runner.moved(there);
  await bed.expose();
  await bed.run();
  await bed.refresh();
  await bed.runner.moved(there);
  const told = async () => (await bed.refresh()).status?.conditions?.[0]?.message;
  assert.equal(await told(), "kernel plane, announced by b");
  await bed.run();
  assert.equal(await told(), "kernel plane, announced by b");
});

Deno.test("run() releases a Service that is deleted", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  bed.ledger.adopt(full, address);
  await bed.run();
  await bed.api.remove(`${services}/web`);
  await bed.refresh();
  assert.equal(await bed.run(), "done");
  await bed.api.settled("services", (all) => all.every(({ metadata }) => metadata.name !== "web"));
  assert.deepEqual([bed.ledger.held(full), bed.starved.freed], [[], [address]]);
  assert.equal(bed.runner.holds(key), false);
  assert.deepEqual((await bed.events()).filter((reason) => reason.startsWith("Delet")), [
    "DeletedLoadBalancer",
    "DeletingLoadBalancer",
  ]);
});

Deno.test("run() releases what is held for a Service that is gone", async () => {
  await using bed = new RunnerBed();
  bed.ledger.adopt(full, address);
  assert.equal(bed.runner.holds(key), true);
  assert.equal(await bed.run(), "done");
  assert.deepEqual(bed.jobs, [{ kind: "remove", key: full }]);
  assert.equal(bed.runner.holds(key), false);
});

Deno.test("run() keeps everything when the data path cannot be taken back", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  await bed.run();
  await bed.api.remove(`${services}/web`);
  await bed.refresh();
  bed.answers = [failed("unavailable")];
  assert.equal(await bed.run(), "retry");
  const { metadata, status } = await bed.refresh();
  assert.equal(metadata.finalizers?.length, 1);
  assert.equal(status?.conditions?.[0]?.reason, "DeleteLoadBalancerFailed");
  assert.deepEqual(bed.ledger.held(full), [address]);
  assert.ok((await bed.events()).includes("DeleteLoadBalancerFailed"));
});

Deno.test("moved() keeps what the plan warned of, and shows what the plane says now", async () => {
  await using bed = new RunnerBed();
  await bed.expose();
  const addresses = [{ address, node: "a" }];
  const before = { key: full, addresses, warnings: ["from the plane", "no Pod is ready"] };
  bed.answers = [served({ served: before, planned: ["no Pod is ready"] })];
  await bed.run();
  for (const node of ["b", "c"]) {
    await bed.runner.moved({ key: full, addresses: [{ address, node }], warnings: [] });
    const { status } = await bed.refresh();
    const { message } = status?.conditions?.[0] ?? {};
    assert.equal(message, `kernel plane, announced by ${node}; no Pod is ready`);
  }
});
