import assert from "assert";
import fc from "fast-check";
import type { Json } from "../../../lib/embedded/json.ts";
import { jsonPatch } from "../../../lib/embedded/json_patch.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const DOC: Json = { a: { b: [1, 2] }, "x/y": 1, "m~n": 2 };

const GOOD: readonly (readonly [string, Json, Json])[] = [
  ["add a member", [{ op: "add", path: "/c", value: 3 }], { ...DOC, c: 3 }],
  ["add to a list", [{ op: "add", path: "/a/b/1", value: 9 }], { ...DOC, a: { b: [1, 9, 2] } }],
  ["append", [{ op: "add", path: "/a/b/-", value: 9 }], { ...DOC, a: { b: [1, 2, 9] } }],
  ["remove", [{ op: "remove", path: "/a/b/0" }], { ...DOC, a: { b: [2] } }],
  ["escapes", [{ op: "replace", path: "/x~1y", value: 5 }, { op: "remove", path: "/m~0n" }], {
    a: { b: [1, 2] },
    "x/y": 5,
  }],
  ["move", [{ op: "move", from: "/a/b", path: "/z" }], { a: {}, "x/y": 1, "m~n": 2, z: [1, 2] }],
  ["copy", [{ op: "copy", from: "/a/b/0", path: "/z" }], { ...DOC, z: 1 }],
  ["test", [{ op: "test", path: "/a", value: { b: [1, 2] } }], DOC],
  ["replace all", [{ op: "replace", path: "", value: 7 }], 7],
];

for (const [name, patch, result] of GOOD) {
  Deno.test(`jsonPatch() can ${name}`, () => assert.deepEqual(jsonPatch(DOC, patch), result));
}

const BAD: readonly (readonly [string, Json, RegExp])[] = [
  ["a missing path", [{ op: "remove", path: "/q" }], /^422 .*does not exist/],
  ["an index out of range", [{ op: "add", path: "/a/b/7", value: 1 }], /^422 .*out of range/],
  ["a failing test", [{ op: "test", path: "/x~1y", value: 2 }], /^422 .*testing value/],
  ["a move into itself", [{ op: "move", from: "/a", path: "/a/c" }], /^422 .*into itself/],
  ["an unknown operation", [{ op: "mend", path: "/a" }], /^400 unknown json patch operation/],
  ["no list", { op: "add" }, /^400 .*list of operations/],
  ["a pointer without slash", [{ op: "remove", path: "a" }], /^400 .*must start with/],
];

for (const [name, patch, error] of BAD) {
  Deno.test(`jsonPatch() refuses ${name}`, () => {
    assert.match(refusal(() => jsonPatch(DOC, patch)), error);
  });
}

Deno.test("jsonPatch() undoes an addition by a removal", () => {
  const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.string(), value, (doc, key, added) => {
      if (Object.hasOwn(doc, key)) return;
      const path = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const patched = jsonPatch(doc, [{ op: "add", path, value: added }, { op: "remove", path }]);
      assert.deepEqual(patched, { ...doc });
    }),
  );
});
