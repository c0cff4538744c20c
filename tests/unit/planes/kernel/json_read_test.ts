import assert from "assert";
import { entries, parseJson, read, readText } from "../../../../lib/planes/kernel/json_read.ts";

Deno.test("parseJson() is undefined for what is none", () => {
  assert.deepEqual(parseJson('{"a":1}'), { a: 1 });
  assert.equal(parseJson("Error: no"), undefined);
});

Deno.test("read() walks a path and never fails", () => {
  const value = { a: { b: [1] } };
  assert.deepEqual(read(value, "a", "b"), [1]);
  assert.equal(read(value, "a", "x", "y"), undefined);
  assert.equal(read(undefined, "a"), undefined);
  assert.equal(read(value, "toString"), undefined);
});

Deno.test("readText() and entries() take only their own kind", () => {
  assert.equal(readText({ a: "x" }, "a"), "x");
  assert.equal(readText({ a: 1 }, "a"), undefined);
  assert.deepEqual(entries([1]), [1]);
  assert.deepEqual(entries({ length: 1 }), []);
});
