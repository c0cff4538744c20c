import assert from "assert";
import fc from "fast-check";
import { isObject, type Json } from "../../../lib/embedded/json.ts";
import { mergePatch } from "../../../lib/embedded/merge_patch.ts";

// the cases of RFC 7386, appendix A
const CASES: readonly (readonly [Json, Json, Json])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [["a", "b"], ["c", "d"], ["c", "d"]],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

for (const [i, [target, patch, result]] of CASES.entries()) {
  Deno.test(`mergePatch() does case ${i + 1} of RFC 7386`, () => {
    assert.deepEqual(mergePatch(target, patch), result);
  });
}

Deno.test("mergePatch() twice is the same as once and leaves its target alone", () => {
  const value = () => fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(fc.property(value(), value(), (target, patch) => {
    const before = structuredClone(target);
    const once = mergePatch(target, patch);
    assert.deepEqual(mergePatch(once, patch), once);
    assert.deepEqual(target, before);
    if (isObject(patch)) assert.ok(isObject(once));
  }));
});
