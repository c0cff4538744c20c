import assert from "assert";
import { selects } from "../../../lib/addresses/label_selector.ts";
import type { LabelRequirement } from "../../../lib/addresses/types.ts";

Deno.test("selects() everything without a selector, and by labels with one", () => {
  assert.equal(selects(undefined, {}), true);
  const team = { matchLabels: { team: "a" }, matchExpressions: [] };
  assert.equal(selects(team, { team: "a", other: "b" }), true);
  assert.equal(selects(team, { team: "b" }), false);
  assert.equal(selects(team, {}), false);
});

const LINES: readonly (readonly [LabelRequirement["operator"], string, string])[] = [
  ["In", "a", "yes no no"],
  ["NotIn", "a", "no yes yes"],
  ["Exists", "", "yes yes no"],
  ["DoesNotExist", "", "no no yes"],
];
for (const [operator, value, wanted] of LINES) {
  Deno.test(`selects() by ${operator}`, () => {
    const line = { key: "team", operator, values: value === "" ? [] : [value] };
    const selector = { matchLabels: {}, matchExpressions: [line] };
    const found = [{ team: "a" }, { team: "b" }, {}].map((labels) =>
      selects(selector, { ...labels }) ? "yes" : "no"
    );
    assert.equal(found.join(" "), wanted);
  });
}
