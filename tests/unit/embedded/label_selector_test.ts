import assert from "assert";
import fc from "fast-check";
import {
  matchesLabels,
  matchesMap,
  parseLabelSelector,
} from "../../../lib/embedded/label_selector.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const LABELS = { app: "web", tier: "front", "example.com/size": "10", empty: "" };

Deno.test.each(
  [
    ["", true],
    ["app=web", true],
    ["app==web,tier=front", true],
    ["app!=web", false],
    ["other!=x", true],
    ["app in (web, api)", true],
    ["app in (api)", false],
    ["app notin (api,db),tier", true],
    ["other notin (a)", true],
    ["!other", true],
    ["!app", false],
    ["app", true],
    ["example.com/size>9", true],
    ["example.com/size<10", false],
    ["app>1", false],
    ["empty=", true],
    ["empty in (,x)", true],
    ["toString", false],
  ] as const,
)("matchesLabels() $0 is $1", (selector, expected) => {
  assert.equal(matchesLabels(parseLabelSelector(selector), LABELS), expected);
});

Deno.test.each(["a=b=c", "in (a)", "a in b", ",a", "a,,b", "a in (", "=x", "a b"])(
  "parseLabelSelector() refuses %s",
  (selector) => {
    assert.match(refusal(() => parseLabelSelector(selector)), /^400 unable to parse requirement/);
  },
);

Deno.test("matchesMap() agrees with the selector of the same pairs", () => {
  const map = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"));
  fc.assert(fc.property(map, map, (selector, labels) => {
    const text = Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(",");
    assert.equal(matchesMap(selector, labels), matchesLabels(parseLabelSelector(text), labels));
  }));
});
