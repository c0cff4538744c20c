import assert from "assert";
import { Wake } from "../../../../lib/cli/app/wake.ts";

const never = new AbortController().signal;

Deno.test("Wake.next() resolves at once after any number of calls, once", async () => {
  const wake = new Wake();
  wake.wake();
  wake.wake();
  await wake.next(never);
  let woken = false;
  const next = wake.next(never).then(() => woken = true);
  await Promise.resolve();
  assert.equal(woken, false);
  wake.wake();
  await next;
});

Deno.test("Wake.next() resolves when the signal aborts, before or meanwhile", async () => {
  const wake = new Wake();
  await wake.next(AbortSignal.abort());
  const stop = new AbortController();
  const next = wake.next(stop.signal);
  stop.abort();
  await next;
});
