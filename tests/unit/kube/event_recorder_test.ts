import assert from "assert";
import { type EventNote, EventRecorder } from "../../../lib/kube/mod.ts";
import { ApiBed } from "../../fakes/api_bed.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const web = lbService({ metadata: { namespace: "default" } });
const note: EventNote = { type: "Warning", reason: "SyncLoadBalancerFailed", message: "no" };

class RecorderBed implements AsyncDisposable {
  readonly api = new ApiBed();
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly errors: unknown[] = [];
  readonly stop = new AbortController();
  readonly recorder = new EventRecorder({
    client: this.api.client,
    clock: this.clock,
    signal: this.stop.signal,
    onError: (error) => this.errors.push(error),
  });

  /** Reasons and counts of the events written, in order. */
  async written(): Promise<readonly string[]> {
    await this.recorder.flushed();
    const events = this.api.objects("events");
    return events.map(({ reason, message, count }) => `${reason} ${message} ×${count}`).toSorted();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.api[Symbol.asyncDispose]();
  }
}

Deno.test("record() writes an event about the Service", async () => {
  await using bed = new RecorderBed();
  bed.recorder.record(web, note);
  await bed.recorder.flushed();
  const [event] = bed.api.objects("events");
  assert.ok(event);
  assert.match(event.metadata.name, /^web\.[0-9a-f]+$/);
  assert.equal(event.metadata.namespace, "default");
  const { kind, name, namespace, uid } = event["involvedObject"];
  assert.deepEqual([kind, name, namespace, uid], ["Service", "web", "default", "uid-web"]);
  const { type, reason, message, count, source, firstTimestamp, lastTimestamp } = event;
  assert.deepEqual([type, reason, message, count], ["Warning", note.reason, "no", 1]);
  assert.equal(source.component, "service-controller");
  assert.deepEqual([firstTimestamp, lastTimestamp].map((text) => Date.parse(text)), [
    Date.UTC(2026, 0, 1),
    Date.UTC(2026, 0, 1),
  ]);
});

for (
  const [kind, component] of [
    ["Ingress", "ingress-controller"],
    ["Gateway", "gateway-controller"],
    ["HTTPRoute", "gateway-controller"],
  ] as const
) {
  Deno.test(`record() lets the ${component} tell of a ${kind}`, async () => {
    await using bed = new RecorderBed();
    bed.recorder.record({ ...web, kind }, note);
    await bed.recorder.flushed();
    assert.equal(bed.api.objects("events")[0]?.["source"].component, component);
  });
}

Deno.test("record() counts the same event up instead of writing it again", async () => {
  await using bed = new RecorderBed();
  for (let times = 0; times < 3; times++) {
    bed.recorder.record(web, note);
    await bed.clock.advance(1_000);
  }
  bed.recorder.record(web, { ...note, message: "other" });
  bed.recorder.record(lbService({ metadata: { namespace: "default", uid: "other" } }), note);
  assert.deepEqual(await bed.written(), [
    "SyncLoadBalancerFailed no ×1",
    "SyncLoadBalancerFailed no ×3",
    "SyncLoadBalancerFailed other ×1",
  ]);
});

Deno.test("record() writes a new event after ten minutes", async () => {
  await using bed = new RecorderBed();
  bed.recorder.record(web, note);
  await bed.recorder.flushed();
  await bed.clock.advance(600_000);
  bed.recorder.record(web, note);
  assert.deepEqual(await bed.written(), [
    "SyncLoadBalancerFailed no ×1",
    "SyncLoadBalancerFailed no ×1",
  ]);
});

Deno.test("record() lets 25 events about an object through, then one in five minutes", async () => {
  await using bed = new RecorderBed();
  const storm = (from: number, count: number) => {
    for (let n = from; n < from + count; n++) {
      bed.recorder.record(web, { ...note, message: String(n) });
    }
  };
  const count = async () => (await bed.written()).length;
  storm(0, 40);
  assert.equal(await count(), 25);
  await bed.clock.advance(299_999);
  storm(100, 3);
  assert.equal(await count(), 25);
  await bed.clock.advance(1);
  storm(200, 3);
  assert.equal(await count(), 26);
  await bed.clock.advance(600_000);
  storm(300, 5);
  assert.equal(await count(), 28);
});

Deno.test("record() of one object's storm leaves others their events", async () => {
  await using bed = new RecorderBed();
  for (let n = 0; n < 40; n++) bed.recorder.record(web, { ...note, message: String(n) });
  bed.recorder.record(lbService({ metadata: { namespace: "default", uid: "b" } }), note);
  assert.equal((await bed.written()).filter((line) => line.includes(" no ")).length, 1);
});

Deno.test("record() tells of a failure and goes on", async () => {
  await using bed = new RecorderBed();
  bed.api.fail({ kind: "status", code: 500 }, 1, ({ resource }) => resource === "/events");
  bed.recorder.record(web, note);
  bed.recorder.record(web, { ...note, message: "later" });
  assert.deepEqual(await bed.written(), ["SyncLoadBalancerFailed later ×1"]);
  assert.equal(bed.errors.length, 1);
});

Deno.test("record() is silent about failures once everything stops", async () => {
  await using bed = new RecorderBed();
  bed.stop.abort();
  bed.recorder.record(web, note);
  assert.deepEqual(await bed.written(), []);
  assert.deepEqual(bed.errors, []);
});

Deno.test("record() shortens what the API would refuse", async () => {
  await using bed = new RecorderBed();
  const name = "w".repeat(250);
  const service = lbService({ metadata: { namespace: "default", name } });
  bed.recorder.record(service, { ...note, message: "x".repeat(5_000) });
  await bed.recorder.flushed();
  const [event] = bed.api.objects("events");
  assert.equal(event?.["message"].length, 1_024);
  assert.ok((event?.metadata.name.length ?? 999) <= 253);
});
