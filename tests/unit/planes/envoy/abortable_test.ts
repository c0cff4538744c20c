import assert from "assert";
import { abortable } from "../../../../lib/planes/envoy/abortable.ts";

Deno.test("abortable() gives the result, or the reason of the abort at once", async () => {
  const stop = new AbortController();
  assert.equal(await abortable(Promise.resolve(1), stop.signal), 1);
  await assert.rejects(abortable(Promise.reject(new Error("no")), stop.signal), /no/);
  const never = abortable(new Promise(() => {}), stop.signal);
  stop.abort(new Error("late"));
  await assert.rejects(never, /late/);
  await assert.rejects(abortable(new Promise(() => {}), stop.signal), /late/);
});

Deno.test("abortable() takes the blame of work that fails afterwards", async () => {
  const work = Promise.withResolvers<void>();
  await assert.rejects(abortable(work.promise, AbortSignal.abort(new Error("late"))), /late/);
  work.reject(new Error("nobody listens"));
});
