import assert from "assert";
import { type Clock, errorKind, systemClock } from "../../../lib/core/mod.ts";
import { leadWhileHeld } from "../../../lib/lease/mod.ts";
import { ApiBed, type Stored } from "../../fakes/api_bed.ts";
import { fastClock } from "../../fakes/fast_clock.ts";

const path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
const hour = 3_600_000;
/** Durations within which only a Lease that was given up can explain a change of leader. */
const long = { leaseDurationMs: 3 * hour, renewDeadlineMs: 2 * hour, retryPeriodMs: hour };
const normal = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

const holder = (lease: Stored) => lease["spec"].holderIdentity as string;
const heldBy = (bed: ApiBed, who: string) =>
  bed.until("coordination.k8s.io/leases", (lease) => holder(lease) === who);
const transitions = (bed: ApiBed) =>
  bed.objects("coordination.k8s.io/leases")[0]?.["spec"].leaseTransitions;

/** A process that leads until it is stopped. */
class Candidate {
  readonly #stop = new AbortController();
  readonly #leads = Promise.withResolvers<void>();
  readonly leaders: string[] = [];
  readonly failures: unknown[] = [];
  readonly done: Promise<void>;
  signal: AbortSignal | undefined;

  constructor(bed: ApiBed, identity: string, times: { clock?: Clock; settings?: typeof long }) {
    const { clock = systemClock, settings = long } = times;
    this.done = leadWhileHeld({
      client: bed.client,
      settings: { namespace: "kube-system", name: "lock", ...settings },
      random: () => 0.5,
      signal: this.#stop.signal,
      leader: (who) => this.leaders.push(who),
      failed: (error) => this.failures.push(error),
      ...{ identity, clock },
    }, (signal) => this.#work(signal));
    this.done.catch(() => {});
  }

  /** Resolves when it works. */
  get leads(): Promise<void> {
    return this.#leads.promise;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.done;
  }

  #work(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    this.#leads.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }
}

Deno.test("leadWhileHeld() makes the Lease, works, and gives it up at the end", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", {});
  await one.leads;
  await heldBy(bed, "one");
  await one.stop();
  assert.equal(holder(bed.objects("coordination.k8s.io/leases")[0] as Stored), "");
  assert.deepEqual(one.failures, []);
});

Deno.test("leadWhileHeld() follows a leader that leaves, without waiting", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", {});
  await one.leads;
  const two = new Candidate(bed, "two", {});
  while (!two.leaders.includes("one")) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(two.signal, undefined, "two leaders at once");
  await one.stop();
  await two.leads;
  assert.equal(transitions(bed), 1);
  await two.stop();
  assert.deepEqual(two.leaders, ["one", "two"]);
});

Deno.test("leadWhileHeld() takes over from a leader that died", async () => {
  await using bed = new ApiBed();
  const spec = { holderIdentity: "dead", leaseDurationSeconds: 15, leaseTransitions: 4 };
  await bed.create(path, { metadata: { name: "lock" }, spec });
  const two = new Candidate(bed, "two", { clock: fastClock(200), settings: normal });
  await two.leads;
  assert.equal(transitions(bed), 5);
  assert.deepEqual(two.leaders, ["dead", "two"]);
  await two.stop();
});

Deno.test("leadWhileHeld() renews, and after a conflict with itself goes on", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", { clock: fastClock(50), settings: normal });
  await one.leads;
  await bed.patch(`${path}/lock`, { metadata: { labels: { seen: "yes" } } });
  const version = () => bed.objects("coordination.k8s.io/leases")[0]?.metadata.resourceVersion;
  const after = version();
  await bed.until("coordination.k8s.io/leases", () => version() !== after);
  assert.equal(one.signal?.aborted, false);
  await one.stop();
});

Deno.test("leadWhileHeld() ends with an error when somebody else took the Lease", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", { clock: fastClock(50), settings: normal });
  await one.leads;
  await bed.patch(`${path}/lock`, { spec: { holderIdentity: "thief" } });
  await assert.rejects(one.done, (error: Error) => {
    assert.match(error.message, /Lease kube-system\/lock is lost: thief holds it/);
    return errorKind(error) === "conflict";
  });
  assert.equal(one.signal?.aborted, true);
  assert.equal(holder(bed.objects("coordination.k8s.io/leases")[0] as Stored), "thief");
});

Deno.test("leadWhileHeld() ends with an error when it cannot renew in time", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", { clock: fastClock(50), settings: normal });
  await one.leads;
  bed.fault = () => ({ kind: "status", code: 500 });
  await assert.rejects(one.done, /could not be renewed in time/);
  assert.equal(one.signal?.aborted, true);
});

Deno.test("leadWhileHeld() tells of refusals and tries again", async () => {
  await using bed = new ApiBed();
  const refused = { kind: "status", code: 403 } as const;
  bed.fail(refused, 1, ({ method, path }) => method === "GET" && path.endsWith("/lock"));
  const one = new Candidate(bed, "one", { clock: fastClock(200), settings: normal });
  await one.leads;
  assert.match(String(one.failures[0]), /403/);
  await one.stop();
});

Deno.test("leadWhileHeld() returns when told to stop before it led", async () => {
  await using bed = new ApiBed();
  const spec = { holderIdentity: "other", leaseDurationSeconds: 7200 };
  await bed.create(path, { metadata: { name: "lock" }, spec });
  const two = new Candidate(bed, "two", {});
  while (two.leaders.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await two.stop();
  assert.equal(two.signal, undefined);
});

Deno.test("leadWhileHeld() passes the failure of its work on and gives the Lease up", async () => {
  await using bed = new ApiBed();
  const settings = { namespace: "kube-system", name: "lock", ...long };
  const { signal } = new AbortController();
  const options = { client: bed.client, settings, identity: "one", clock: systemClock, signal };
  const failing = leadWhileHeld(
    { ...options, random: () => 0 },
    () => Promise.reject(new Error("boom")),
  );
  await assert.rejects(failing, /boom/);
  assert.equal(holder(bed.objects("coordination.k8s.io/leases")[0] as Stored), "");
});

Deno.test("leadWhileHeld() survives that its Lease is deleted: nobody leads beside it", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", { clock: fastClock(20), settings: normal });
  await one.leads;
  const two = new Candidate(bed, "two", { clock: fastClock(20), settings: normal });
  while (!two.leaders.includes("one")) await new Promise((resolve) => setTimeout(resolve, 5));
  await bed.remove(`${path}/lock`);
  await heldBy(bed, "one");
  assert.equal(two.signal, undefined, "two leaders at once");
  assert.equal(one.signal?.aborted, false);
  await one.stop();
  await two.leads;
  await two.stop();
});

Deno.test("leadWhileHeld() ends when somebody made a deleted Lease first", async () => {
  await using bed = new ApiBed();
  const one = new Candidate(bed, "one", { clock: fastClock(50), settings: normal });
  await one.leads;
  bed.fail({ kind: "status", code: 404 }, 1, ({ method }) => method === "PATCH");
  await bed.patch(`${path}/lock`, { spec: { holderIdentity: "thief" } }).catch(() => {});
  await bed.patch(`${path}/lock`, { spec: { holderIdentity: "thief" } });
  await assert.rejects(one.done, /thief holds it/);
});

Deno.test("leadWhileHeld() counts from when it wrote the Lease, not from the answer", async () => {
  await using bed = new ApiBed();
  let now = 0;
  const { client: real } = bed;
  const client: Parameters<typeof leadWhileHeld>[0]["client"] = {
    get: (...args) => real.get(...args),
    patch: (...args) => real.patch(...args),
    list: (...args) => real.list(...args),
    watch: (...args) => real.watch(...args),
    async create(...args) {
      const answer = await real.create(...args);
      // somebody else may take the Lease in five seconds
      now = normal.renewDeadlineMs;
      return answer;
    },
  };
  const stop = new AbortController();
  const tried: string[] = [];
  const done = leadWhileHeld({
    client,
    settings: { namespace: "kube-system", name: "lock", ...normal },
    identity: "one",
    clock: { now: () => now, sleep: (_ms, signal) => systemClock.sleep(0, signal) },
    random: () => 0,
    signal: stop.signal,
  }, () => {
    tried.push(`leads after ${transitions(bed)} takes`);
    return Promise.resolve();
  });
  await done;
  assert.deepEqual(tried, ["leads after 1 takes"]);
  stop.abort();
});
