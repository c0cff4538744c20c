import assert from "assert";
import fc from "fast-check";
import {
  asStringMap,
  at,
  compact,
  equal,
  isArray,
  isObject,
  type Json,
  setAt,
  without,
} from "../../../lib/embedded/json.ts";

const json = () => fc.jsonValue() as fc.Arbitrary<Json>;

Deno.test("equal() agrees with the text of values with sorted members", () => {
  const sorted = (value: unknown) =>
    JSON.stringify(
      value,
      (_k, v) =>
        isObject(v)
          ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
          : v,
    );
  fc.assert(fc.property(json(), json(), (a, b) => {
    assert.equal(equal(a, b), sorted(a) === sorted(b));
    assert.ok(equal(a, structuredClone(a)));
  }));
});

Deno.test("equal() takes undefined members for absent", () => {
  assert.ok(equal({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(!equal({ a: 1 }, { a: 1, b: null }));
});

Deno.test("isObject() and isArray() tell containers apart", () => {
  assert.deepEqual([{}, [], null, "x"].map(isObject), [true, false, false, false]);
  assert.deepEqual([{}, [], null, "x"].map(isArray), [false, true, false, false]);
});

Deno.test("at() stops where a step is missing", () => {
  assert.equal(at({ a: { b: 1 } }, "a", "b"), 1);
  assert.equal(at({ a: 1 }, "a", "b"), undefined);
  assert.equal(at(undefined, "a"), undefined);
});

Deno.test("setAt() then at() gives the value back and leaves the source alone", () => {
  const source = { a: { b: 1 }, c: 2 };
  const next = setAt(source, ["a", "x", "y"], 3);
  assert.equal(at(next, "a", "x", "y"), 3);
  assert.equal(at(next, "a", "b"), 1);
  assert.deepEqual(source, { a: { b: 1 }, c: 2 });
});

Deno.test("without(), compact() and asStringMap() drop members", () => {
  assert.deepEqual(without({ a: 1, b: 2 }, "a"), { b: 2 });
  assert.deepEqual(compact({ a: undefined, b: null }), { b: null });
  assert.deepEqual(asStringMap({ a: "x", b: 1 }), { a: "x" });
});
