import assert from "assert";
import fc from "fast-check";
import { SortedKeys } from "../../../lib/embedded/sorted_keys.ts";

Deno.test("SortedKeys holds the same keys in the same order as a sorted set", () => {
  const key = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 5 });
  const step = fc.record({ add: fc.boolean(), key });
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), key, key, (steps, prefix, after) => {
    const keys = new SortedKeys();
    const model = new Set<string>();
    for (const { add, key } of steps) {
      if (add) keys.add(key);
      else keys.delete(key);
      if (add) model.add(key);
      else model.delete(key);
    }
    const expected = [...model].sort().filter((k) => k.startsWith(prefix) && k > after);
    assert.deepEqual(
      [...keys.range(prefix, after)],
      expected,
    );
  }));
});

Deno.test("SortedKeys splits into chunks and stays in order", () => {
  const keys = new SortedKeys();
  const all = Array.from(
    { length: 5_000 },
    (_, i) => `ns/${String((i * 7_919) % 5_000).padStart(5, "0")}`,
  );
  for (const key of all) keys.add(key);
  assert.deepEqual([...keys.range("ns/")], all.toSorted());
  for (const key of all.slice(0, 4_990)) keys.delete(key);
  assert.deepEqual([...keys.range("")], all.slice(4_990).sort());
  assert.deepEqual([...keys.range("ns/", "ns/99999")], []);
});
