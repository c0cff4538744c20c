import assert from "assert";
import { steadyClock, systemClock } from "../../../lib/core/mod.ts";

Deno.test("sleep() ends early with the signal's reason and leaves no timer", async () => {
  const stop = new AbortController();
  const slept = systemClock.sleep(60_000, stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(slept, /enough/);
  await assert.rejects(systemClock.sleep(60_000, stop.signal), /enough/);
});

Deno.test("sleep() resolves no earlier than asked", async () => {
  const before = systemClock.now();
  await systemClock.sleep(5);
  assert.ok(systemClock.now() - before >= 4);
});

Deno.test("steadyClock goes on where the machine's clock stood when the program began", async () => {
  const before = steadyClock.now();
  await steadyClock.sleep(1);
  assert.ok(steadyClock.now() > before);
  assert.ok(before >= performance.timeOrigin);
});
