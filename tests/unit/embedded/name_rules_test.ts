import assert from "assert";
import {
  labelCauses,
  nameCauses,
  type NameRule,
  qualifiedNameCauses,
  requiredName,
} from "../../../lib/embedded/name_rules.ts";

const NAMES: readonly (readonly [string, NameRule, boolean])[] = [
  ["web", "label", true],
  ["1web", "label", true],
  ["a".repeat(63), "label", true],
  ["a".repeat(64), "label", false],
  ["Web", "label", false],
  ["a.b", "label", false],
  ["-a", "label", false],
  ["a.b-c", "subdomain", true],
  ["a..b", "subdomain", false],
  ["a_b", "subdomain", false],
  ["system:x", "path", true],
  ["a/b", "path", false],
  ["..", "path", false],
];

for (const [name, rule, good] of NAMES) {
  Deno.test(`nameCauses() ${good ? "accepts" : "refuses"} ${name.slice(0, 12)} as ${rule}`, () => {
    assert.equal(nameCauses(name, rule, "metadata.name").length === 0, good);
  });
}

Deno.test("requiredName() wants a name", () => {
  assert.equal(requiredName("", "label", "metadata.name")[0]?.reason, "FieldValueRequired");
});

Deno.test.each(
  [
    ["app", true],
    ["example.com/app", true],
    ["a/b/c", false],
    ["Example.com/a", false],
    ["example.com/", false],
    ["_x", false],
    [`${"a".repeat(64)}`, false],
  ] as const,
)("qualifiedNameCauses() of $0: good is $1", (name, good) => {
  assert.equal(qualifiedNameCauses(name, "f").length === 0, good);
});

Deno.test("labelCauses() checks keys and values", () => {
  assert.deepEqual(labelCauses({ app: "web", e: "" }, "f"), []);
  assert.equal(labelCauses({ "bad key": "x", a: "bad value" }, "f").length, 2);
  assert.equal(labelCauses("x", "f").length, 1);
  assert.deepEqual(labelCauses(undefined, "f"), []);
});
