import assert from "assert";
import { fromCoreEvent, toCoreEvent } from "../../../lib/embedded/event_conversion.ts";

const CORE = {
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: "e" },
  involvedObject: { kind: "Service", name: "web" },
  message: "hello",
  reason: "Because",
  source: { component: "berth" },
  firstTimestamp: "2026-01-01T00:00:00Z",
  lastTimestamp: "2026-01-01T00:00:01Z",
  count: 2,
  reportingComponent: "berth",
};

Deno.test("an event survives the way to the other API and back", () => {
  const shown = fromCoreEvent(CORE);
  assert.equal(shown.apiVersion, "events.k8s.io/v1");
  assert.equal(shown["note"], "hello");
  assert.equal(shown["message"], undefined);
  assert.deepEqual({ ...toCoreEvent(shown) }, CORE);
});

Deno.test("fromCoreEvent() leaves out what is blank", () => {
  const { reportingComponent: _gone, count: _count, ...old } = CORE;
  const shown = fromCoreEvent(old);
  assert.equal(shown["reportingController"], undefined);
  assert.equal(shown["deprecatedCount"], undefined);
});
