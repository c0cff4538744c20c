import assert from "assert";
import { type LabelSelector, selects } from "../../../lib/core/label_selector.ts";

const labels = { team: "a", tier: "web" };
const one = (
  key: string,
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist",
  values?: string[],
) => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

const cases: readonly {
  readonly name: string;
  readonly selector: LabelSelector;
  readonly want: boolean;
}[] = [
  { name: "an empty selector", selector: {}, want: true },
  { name: "equal labels", selector: { matchLabels: { team: "a", tier: "web" } }, want: true },
  { name: "another value", selector: { matchLabels: { team: "b" } }, want: false },
  { name: "In", selector: one("team", "In", ["a", "b"]), want: true },
  { name: "In without the label", selector: one("x", "In", ["a"]), want: false },
  { name: "NotIn", selector: one("team", "NotIn", ["a"]), want: false },
  { name: "NotIn without the label", selector: one("x", "NotIn", ["a"]), want: true },
  { name: "Exists", selector: one("tier", "Exists"), want: true },
  { name: "what every object has", selector: one("constructor", "Exists"), want: false },
  { name: "DoesNotExist", selector: one("tier", "DoesNotExist"), want: false },
];

Deno.test.each(cases)("selects() with $name", ({ selector, want }) => {
  assert.equal(selects(selector, labels), want);
});
