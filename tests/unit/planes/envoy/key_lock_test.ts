import assert from "assert";
import { KeyLock } from "../../../../lib/planes/envoy/key_lock.ts";

Deno.test("KeyLock.run() follows its predecessors of the same key alone", async () => {
  const lock = new KeyLock();
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const work = (name: string, wait?: Promise<void>) => async () => {
    await wait;
    told.push(name);
  };
  const first = lock.run("a", work("a1", gate.promise));
  const second = lock.run("a", work("a2"));
  await lock.run("b", work("b1"));
  assert.deepEqual(told, ["b1"]);
  gate.reject(new Error("failed"));
  await assert.rejects(first);
  await second;
  await lock.run("a", work("a3"));
  assert.deepEqual(told, ["b1", "a2", "a3"]);
});
