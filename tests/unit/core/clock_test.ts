import assert from "assert";
import { systemClock } from "../../../lib/core/mod.ts";

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
