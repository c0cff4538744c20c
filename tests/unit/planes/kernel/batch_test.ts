import assert from "assert";
import { Batch } from "../../../../lib/planes/kernel/batch.ts";

function affected(
  keys: readonly string[],
  addresses: readonly string[],
  cleanups: readonly string[] = [],
) {
  return {
    keys: new Set(keys),
    addresses: new Set(addresses),
    cleanups: new Map(keys.map((key) => [key, cleanups])),
  };
}

Deno.test("Batch puts units together and keeps all clean-ups", () => {
  const batch = new Batch();
  assert.equal(batch.isEmpty, true);
  batch.add(affected(["k1"], ["a1"], ["c1"]));
  batch.add(affected(["k1", "k2"], ["a1"], ["c2"]));
  assert.equal(batch.isEmpty, false);
  assert.deepEqual(batch.units(), {
    keys: new Set(["k1", "k2"]),
    addresses: new Set(["a1"]),
    cleanups: ["c1", "c2", "c2"],
  });
});

Deno.test("Batch.single() gives each unit alone, keys first", () => {
  const batch = new Batch();
  batch.add(affected(["k1"], ["a1"], ["c1"]));
  const none = new Set();
  assert.deepEqual([...batch.single()], [
    ["k1", { keys: new Set(["k1"]), addresses: none, cleanups: ["c1"] }],
    ["a1", { keys: none, addresses: new Set(["a1"]), cleanups: [] }],
  ]);
});

Deno.test("Batch.settle() fails only those who wait for what failed", async () => {
  const batch = new Batch();
  const good = batch.add(affected(["k1"], ["a1"]));
  const bad = batch.add(affected(["k2"], ["a1"]));
  batch.settle(new Map([["k2", new Error("no")]]));
  await good;
  await assert.rejects(bad, /no/);
});

Deno.test("Batch.fail() fails everybody", async () => {
  const batch = new Batch();
  const waiting = [batch.add(affected(["k1"], [])), batch.add(affected([], ["a1"]))];
  batch.fail(new Error("closed"));
  for (const one of waiting) await assert.rejects(one, /closed/);
});
