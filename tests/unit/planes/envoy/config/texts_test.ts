import assert from "assert";
import {
  editProblems,
  hostProblems,
  isDomain,
  isServerName,
  isToken,
  isValue,
  pathEditProblems,
  within,
} from "../../../../../lib/planes/envoy/config/texts.ts";

const checks = [
  { check: isToken, good: ["x-a", "X_B", "GET"], bad: ["", "a b", ":path", "ä", "a\n"] },
  {
    check: isValue,
    good: ["", "a\tb", "ä", "%"],
    bad: ["a\nb", "\0", "\ud800", "x".repeat(20_000)],
  },
  { check: isDomain, good: ["*", "*.a.example", "a"], bad: ["", "**", "a.*", "a..b", "*a.b"] },
  { check: isServerName, good: ["a.example", "*.b"], bad: ["*", "A.example", "x".repeat(64)] },
];

for (const { check, good, bad } of checks) {
  Deno.test(`${check.name}() tells good from bad`, () => {
    for (const text of good) assert.ok(check(text), `refused ${JSON.stringify(text)}`);
    for (const text of bad) assert.ok(!check(text), `took ${JSON.stringify(text.slice(0, 40))}`);
  });
}

Deno.test("within() takes whole numbers alone", () => {
  const range = { from: 1, to: 2 };
  assert.deepEqual([0, 1, 1.5, 2, 3, NaN].map((value) => within(value, range)), [
    ...[false, true, false],
    ...[true, false, false],
  ]);
});

Deno.test("editProblems() names each header that Envoy refuses", () => {
  const edit = {
    set: [{ name: "x-a", value: "a\nb" }],
    add: [{ name: ":path", value: "/" }],
    remove: ["a b"],
  };
  assert.equal(editProblems(edit, undefined).length, 3);
  assert.deepEqual(editProblems({ set: [], add: [], remove: ["x-a"] }), []);
  const many = Array.from({ length: 501 }, (_, at) => `x-${at}`);
  assert.match(editProblems({ set: [], add: [], remove: many })[0] ?? "", /501 headers/);
});

Deno.test("hostProblems() and pathEditProblems() take what may be absent", () => {
  assert.deepEqual(hostProblems(undefined), []);
  assert.equal(hostProblems("a b").length, 1);
  const problems = [undefined, "", "/a", "a", "/a\n"].map((value) =>
    pathEditProblems(value === undefined ? undefined : { kind: "full", value }).length
  );
  assert.deepEqual(problems, [0, 0, 0, 1, 1]);
});
