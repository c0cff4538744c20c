import assert from "assert";
import { createLatest } from "../../../lib/dispatch/latest.ts";
import { settle } from "../../fakes/fake_clock.ts";

Deno.test("createLatest() delivers one at a time and skips what is overtaken", async () => {
  const begun: number[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const latest = createLatest<number>((value) => {
    begun.push(value);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    return gate.promise;
  });
  for (const value of [1, 2, 3]) latest.set(value);
  await settle();
  assert.deepEqual(begun, [1]);
  gates[0]?.resolve();
  await settle();
  assert.deepEqual(begun, [1, 3]);
  gates[1]?.resolve();
  await settle();
  latest.set(4);
  assert.deepEqual(begun, [1, 3, 4]);
});
