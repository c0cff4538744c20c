import assert from "assert";
import { hasBehaviour, mirrors, testPath } from "../../../scripts/check_mirror.ts";

const sources = [
  {
    name: "types",
    source: `export interface A { readonly f: (x: number) => void }`,
    expected: false,
  },
  {
    name: "re-exports",
    source: `export * from "./a.ts";\nexport type { B } from "./b.ts";`,
    expected: false,
  },
  { name: "a table of data", source: `export const A = ["x", "y"] as const;`, expected: false },
  {
    name: "words in comments",
    source: `/** a function, a class */\n// class x\nexport type A = 1;`,
    expected: false,
  },
  { name: "a function", source: `export function a() {}`, expected: true },
  { name: "a class", source: `export class A {}`, expected: true },
  { name: "an arrow", source: `export const a = (x: number) => x;`, expected: true },
  { name: "arrows in an object", source: `export const a = {\n  b: () => 1,\n};`, expected: true },
];

for (const { name, source, expected } of sources) {
  Deno.test(`hasBehaviour() of ${name} is ${expected}`, () => {
    assert.equal(hasBehaviour(source), expected);
  });
}

Deno.test("testPath() mirrors lib and keeps other folders' names", () => {
  assert.equal(testPath("lib/a/b.ts"), "tests/unit/a/b_test.ts");
  assert.equal(testPath("scripts/b.ts"), "tests/unit/scripts/b_test.ts");
});

const tests = [
  { test: "tests/unit/a/b_test.ts", expected: true },
  { test: "tests/unit/a/b_property_test.ts", expected: true },
  { test: "tests/unit/a/bc_test.ts", expected: false },
  { test: "tests/unit/b_test.ts", expected: false },
];

for (const { test, expected } of tests) {
  Deno.test(`mirrors() says ${expected} for ${test} of lib/a/b.ts`, () => {
    assert.equal(mirrors(test, ["lib/a/b.ts"]), expected);
  });
}
