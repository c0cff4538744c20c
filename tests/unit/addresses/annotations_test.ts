import assert from "assert";
import { findAnnotation, splitValues } from "../../../lib/addresses/mod.ts";

Deno.test("findAnnotation() takes the first name with a value", () => {
  const object = { metadata: { annotations: { a: " ", b: " x ", c: "y" } } };
  assert.deepEqual(findAnnotation(object, ["a", "b", "c"]), { name: "b", value: "x" });
  assert.equal(findAnnotation({ metadata: {} }, ["a"]), undefined);
});

Deno.test("splitValues() trims and drops empty parts", () => {
  assert.deepEqual(splitValues(" a, b ,,c "), ["a", "b", "c"]);
});
