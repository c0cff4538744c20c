import assert from "assert";
import { Limiter } from "../../../../lib/planes/envoy/limiter.ts";

Deno.test("Limiter.run() lets so many run at a time, in order, and goes on after a failure", async () => {
  const limiter = new Limiter(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const done = gates.map(({ promise }, at) =>
    limiter.run(() => {
      begun.push(at);
      return promise;
    })
  );
  const settled = Promise.allSettled(done);
  await turn();
  assert.deepEqual(begun, [0, 1]);
  gates[1]?.reject(new Error("no"));
  await turn();
  assert.deepEqual(begun, [0, 1, 2]);
  for (const { resolve } of gates) resolve();
  const results = await settled;
  assert.deepEqual(results.map(({ status }) => status === "fulfilled"), [true, false, true, true]);
  assert.deepEqual(begun, [0, 1, 2, 3]);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
