import assert from "assert";
import { getLogger } from "@logtape/logtape";
import { bringImage } from "../../../../lib/planes/envoy/image_pull.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeEngine } from "../../../fakes/fake_engine.ts";

Deno.test("bringImage() pulls what is not there, once", async () => {
  const engine = new FakeEngine();
  const { signal } = new AbortController();
  const options = { engine, clock: new FakeClock(), signal, log: getLogger(["berth", "test"]) };
  for (let i = 0; i < 2; i++) await bringImage("envoy:1", options);
  assert.deepEqual(engine.calls, ["hasImage", "pullImage", "hasImage"]);
});
