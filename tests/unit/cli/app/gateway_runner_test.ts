import assert from "assert";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { GatewayRunner } from "../../../../lib/cli/app/gateway_runner.ts";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import type { GatewayReport } from "../../../../lib/cli/app/gateway_reporter.ts";
import type { EventNote } from "../../../../lib/kube/mod.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeGatewayPool, routed } from "../../../fakes/fake_gateway_pool.ts";
import { gateway, gatewayClass, httpRoute } from "../../../fakes/gateway_objects.ts";
import { StarvedList } from "../../../fakes/starved_list.ts";

const signal = new AbortController().signal;
const full = "one/gateway/ns/gw";

class RunnerBed {
  readonly store = new GatewayStore();
  readonly ledger = ledgerOf("172.18.0.0/24");
  readonly pool = new FakeGatewayPool();
  readonly reports: GatewayReport[] = [];
  readonly held: (readonly string[])[] = [];
  /** Secrets were listed in time. */
  known = true;
  readonly withdrawn: string[] = [];
  readonly events: EventNote[] = [];
  readonly starved = new StarvedList();
  leftFails = false;
  readonly runner = new GatewayRunner({
    cluster: "one",
    store: this.store,
    services: new ServiceStore(),
    ledger: this.ledger,
    pool: this.pool,
    references: {
      hold: (_holder, names) => {
        this.held.push(names);
        return Promise.resolve(this.known);
      },
      secrets: () => [],
      configMaps: () => [],
    },
    reporter: {
      report: (_key, report) => Promise.resolve(void this.reports.push(report)),
      left: (key, { addresses }) => {
        if (this.leftFails) return Promise.reject(new Error("the API server is gone"));
        return Promise.resolve(void this.withdrawn.push(`${key} left ${addresses.join(", ")}`));
      },
      ended: (key) => Promise.resolve(void this.withdrawn.push(`${key} ended`)),
      withdraw: (key) => Promise.resolve(void this.withdrawn.push(key)),
    },
    accounts: { ensure: () => Promise.resolve(), forget: () => {} },
    recorder: { record: (_object, note) => this.events.push(note) },
    clock: new FakeClock(0),
    families: () => "IPv4",
    starved: this.starved,
  });

  constructor() {
    this.store.put("GatewayClass", gatewayClass());
    this.store.put("Gateway", gateway());
  }

  run() {
    return this.runner.run("ns/gw", signal, { waitedMs: 0 });
  }
}

Deno.test("run() sends a Gateway with its routes, and reports what came of it", async () => {
  const bed = new RunnerBed();
  bed.store.put("HTTPRoute", httpRoute());
  assert.deepEqual(await bed.run(), { kind: "done" });
  const [job] = bed.pool.jobs;
  assert.equal(job?.kind === "gateway" && job.input.routes[0]?.metadata.name, "route");
  assert.equal(bed.reports[0]?.uids.get("HTTPRoute/ns/route"), "uid-route");
});

Deno.test("run() sends no second job while nothing changed, but looks at the statuses", async () => {
  const bed = new RunnerBed();
  await bed.run();
  await bed.run();
  assert.deepEqual(bed.pool.seen, [`gateway ${full}`]);
  assert.equal(bed.reports.length, 2);
  bed.runner.invalidate("ns/gw");
  await bed.run();
  assert.equal(bed.pool.jobs.length, 2);
});

Deno.test("run() plans nothing without Secrets that are not listed yet", async () => {
  const bed = new RunnerBed();
  bed.known = false;
  assert.deepEqual(await bed.run(), { kind: "failed", retryable: true });
  assert.deepEqual([bed.pool.seen, bed.reports], [[], []]);
  bed.known = true;
  assert.deepEqual(await bed.run(), { kind: "done" });
});

Deno.test("run() takes back what a Gateway held that is gone, once", async () => {
  const bed = new RunnerBed();
  await bed.run();
  bed.ledger.adopt(full, "172.18.0.200");
  bed.store.remove("Gateway", gateway());
  await bed.run();
  await bed.run();
  assert.deepEqual(bed.pool.seen, [`gateway ${full}`, `remove ${full}`]);
  assert.deepEqual(bed.ledger.held(full), []);
  assert.deepEqual(bed.withdrawn, ["ns/gw"]);
  assert.deepEqual(bed.held.at(-1), []);
  assert.deepEqual(bed.starved.freed, ["172.18.0.200"]);
});

Deno.test("run() tells of a Gateway that is another class's now, until it is written", async () => {
  const bed = new RunnerBed();
  bed.ledger.adopt(full, "172.18.0.200");
  await bed.run();
  bed.store.put("Gateway", gateway("gw", { spec: { gatewayClassName: "other", listeners: [] } }));
  bed.leftFails = true;
  await assert.rejects(bed.run(), /the API server is gone/);
  bed.leftFails = false;
  await bed.run();
  await bed.run();
  assert.deepEqual(bed.withdrawn, ["ns/gw", "ns/gw left 172.18.0.200", "ns/gw"]);
  assert.deepEqual(bed.ledger.held(full), []);
});

Deno.test("release() at the end of berth leaves the routes' statuses alone", async () => {
  const bed = new RunnerBed();
  await bed.run();
  await bed.runner.release("ns/gw", signal, true);
  assert.deepEqual(bed.withdrawn, ["ns/gw ended"]);
  assert.deepEqual(bed.pool.seen.at(-1), `remove ${full}`);
});

Deno.test("run() takes back what the data path carries of a Gateway nobody knows", async () => {
  const bed = new RunnerBed();
  bed.store.remove("Gateway", gateway());
  bed.ledger.adopt(full, "172.18.0.200");
  await bed.run();
  assert.deepEqual(bed.pool.seen, [`remove ${full}`]);
});

Deno.test("run() leaves Gateways of other classes alone", async () => {
  const bed = new RunnerBed();
  bed.store.put("GatewayClass", gatewayClass("berth", "example.com/theirs"));
  assert.deepEqual(await bed.run(), { kind: "done" });
  assert.deepEqual(bed.pool.jobs, []);
  assert.deepEqual(bed.reports, []);
});

for (
  const [errorKind, retryable, starves] of [
    ["unavailable", true, false],
    ["exhausted", true, true],
    ["invalid", false, false],
  ] as const
) {
  Deno.test(`run() reports a failure of kind ${errorKind} and tells people`, async () => {
    const bed = new RunnerBed();
    const failure = { errorKind, message: "no proxy" };
    bed.ledger.adopt(full, "172.18.0.200");
    bed.pool.answer = (job) => {
      const { served: _, ...rest } = routed(job) as Record<string, unknown>;
      return { ...rest, failure } as never;
    };
    assert.deepEqual(await bed.run(), { kind: "failed", retryable });
    assert.deepEqual(bed.events.map(({ message }) => message), ["no proxy"]);
    assert.equal(bed.starved.keys.has("ns/gw"), starves);
    assert.deepEqual(bed.ledger.held(full), ["172.18.0.200"], "the address stays");
    bed.pool.answer = undefined;
    assert.deepEqual(await bed.run(), { kind: "done" });
    assert.equal(bed.starved.keys.size, 0);
  });
}

Deno.test("run() plans a Gateway again that waits for an address which another one has", async () => {
  const bed = new RunnerBed();
  const wanted = "172.18.0.9";
  bed.ledger.commit("one/ns/web", [wanted], { ports: ["TCP/80"], sharingKey: "" });
  bed.pool.answer = (job) => ({ ...routed(job), taken: [wanted] } as never);
  assert.deepEqual(await bed.run(), { kind: "done" });
  assert.deepEqual([...bed.starved.keys], ["ns/gw"]);
  bed.ledger.settle("one/ns/web", []);
  assert.deepEqual(await bed.run(), { kind: "failed", retryable: true }, "it came free meanwhile");
  bed.pool.answer = undefined;
  await bed.run();
  await bed.run();
  assert.equal(bed.pool.jobs.length, 3);
  assert.equal(bed.starved.keys.size, 0);
});

Deno.test("run() tells people of a job that failed as a whole", async () => {
  const bed = new RunnerBed();
  bed.pool.answer = () => {
    throw new Error("the worker is gone");
  };
  await assert.rejects(bed.run(), /the worker is gone/);
  assert.deepEqual(bed.events.map(({ message }) => message), ["the worker is gone"]);
});

Deno.test("run() gives addresses back that a plan does not want any more", async () => {
  const bed = new RunnerBed();
  bed.ledger.adopt(full, "172.18.0.200");
  bed.pool.answer = (job) => {
    const { served: _, ...rest } = routed(job) as Record<string, unknown>;
    return rest as never;
  };
  await bed.run();
  assert.deepEqual(bed.ledger.held(full), []);
  assert.deepEqual(bed.starved.freed, ["172.18.0.200"]);
});

Deno.test("run() tells each note once", async () => {
  const bed = new RunnerBed();
  bed.pool.answer = (job) => {
    const outcome = routed(job);
    if (outcome.kind !== "routed") return outcome;
    return { ...outcome, statuses: { ...outcome.statuses, notes: ["port 1 is not served"] } };
  };
  await bed.run();
  bed.runner.invalidate("ns/gw");
  await bed.run();
  assert.deepEqual(bed.events, [
    { type: "Warning", reason: "NotServed", message: "port 1 is not served" },
  ]);
});

Deno.test("run() tells a failure once, though the plan repeats it for the Gateway", async () => {
  const bed = new RunnerBed();
  bed.pool.answer = (job) => {
    const outcome = routed(job);
    if (outcome.kind !== "routed") return outcome;
    const notes = ["Gateway ns/gw: no proxy", "HTTPRoute ns/r: it has no rules"];
    const failure = { errorKind: "unavailable", message: "no proxy" };
    return { ...outcome, failure, statuses: { ...outcome.statuses, notes } };
  };
  await bed.run();
  assert.deepEqual(bed.events.map(({ message }) => message), [
    ...["no proxy", "HTTPRoute ns/r: it has no rules"],
  ]);
});

Deno.test("run() logs a Gateway as served when it is, and as released when it held anything", async () => {
  const bed = new RunnerBed();
  const records: LogRecord[] = [];
  await configure({
    sinks: { memory: (record) => records.push(record) },
    loggers: [
      { category: ["berth", "gateway"], sinks: ["memory"], lowestLevel: "info" },
      { category: ["logtape", "meta"], lowestLevel: "fatal" },
    ],
  });
  const said = () => records.splice(0).map(({ rawMessage }) => rawMessage);
  try {
    let status: "True" | "False" = "False";
    bed.pool.answer = (job) => {
      if (job.kind !== "gateway") return undefined;
      const outcome = routed(job);
      if (outcome.kind !== "routed") return outcome;
      const one = { type: "Programmed", reason: "Invalid", message: "", lastTransitionTime: "" };
      const gateway = { conditions: [{ ...one, status }] };
      return { ...outcome, statuses: { ...outcome.statuses, gateway } };
    };
    await bed.run();
    await bed.runner.release("ns/gw", signal);
    assert.deepEqual(said(), []);
    bed.ledger.adopt(full, "172.18.0.200");
    await bed.run();
    assert.deepEqual(said(), []);
    status = "True";
    for (let times = 0; times < 2; times++) {
      bed.runner.invalidate("ns/gw");
      await bed.run();
    }
    assert.deepEqual(said(), ["Gateway served"]);
    await bed.runner.release("ns/gw", signal);
    assert.deepEqual(said(), ["Gateway released"]);
  } finally {
    await reset();
  }
});
