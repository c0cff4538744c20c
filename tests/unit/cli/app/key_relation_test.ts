import assert from "assert";
import fc from "fast-check";
import { KeyRelation } from "../../../../lib/cli/app/key_relation.ts";

Deno.test("KeyRelation finds both ways, and replaces what a key points to", () => {
  const relation = new KeyRelation();
  relation.set("a", ["x", "y"]);
  relation.set("b", ["y"]);
  assert.deepEqual([...relation.keys("y")], ["a", "b"]);
  relation.set("a", ["z"]);
  assert.deepEqual([...relation.keys("x")], []);
  assert.deepEqual([...relation.targets("a")], ["z"]);
  relation.delete("b");
  assert.deepEqual([...relation.keys("y")], []);
});

Deno.test("KeyRelation forgets nothing and keeps nothing, whatever the order", () => {
  const key = fc.constantFrom("a", "b", "c");
  const targets = fc.subarray(["x", "y", "z"]);
  fc.assert(fc.property(fc.array(fc.tuple(key, targets)), (changes) => {
    const relation = new KeyRelation();
    const expected = new Map<string, readonly string[]>();
    for (const [from, to] of changes) {
      relation.set(from, to);
      expected.set(from, to);
    }
    for (const target of ["x", "y", "z"]) {
      const from = [...expected].filter(([, to]) => to.includes(target)).map(([one]) => one);
      assert.deepEqual([...relation.keys(target)].toSorted(), from.toSorted());
    }
  }));
});
