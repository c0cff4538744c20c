import assert from "assert";
import { FieldReader } from "../../../lib/pools/pool_fields.ts";

function reader(value: Readonly<Record<string, unknown>>): FieldReader {
  const fields = new FieldReader({ key: "pool-x", known: ["addresses", ...Object.keys(value)] });
  assert.equal(fields.open({ value: { addresses: ["10.0.0.0/24"], ...value } }), true);
  return fields;
}

Deno.test("FieldReader takes lists as lists and as texts", () => {
  const fields = reader({ a: ["x", "y, z"], b: "x,y", c: [1, "x"] });
  assert.deepEqual(fields.list("a"), ["x", "y", "z"]);
  assert.deepEqual(fields.list("b"), ["x", "y"]);
  assert.deepEqual(fields.list("absent"), []);
  assert.deepEqual(fields.problems, []);
  assert.deepEqual(fields.list("c"), ["x"]);
  assert.match(fields.problems[0]?.message ?? "", /pool-x: field c .* must be a list of texts/);
});

Deno.test("FieldReader falls back and warns for values of another type", () => {
  const fields = reader({ number: -1, word: 5, order: "up" });
  assert.equal(fields.whole("number"), 0);
  assert.equal(fields.word("word"), undefined);
  assert.equal(fields.choice("order", ["asc", "desc"]), undefined);
  assert.deepEqual(fields.problems.map(({ severity }) => severity), Array(3).fill("warning"));
});

Deno.test("FieldReader takes the narrow side of a switch that cannot be read", () => {
  const fields = reader({ no: "no", on: true });
  assert.equal(fields.flag("on", { otherwise: false, narrow: false }), true);
  assert.equal(fields.flag("absent", { otherwise: true, narrow: false }), true);
  assert.deepEqual(fields.problems, []);
  assert.equal(fields.flag("no", { otherwise: true, narrow: false }), false);
  assert.equal(fields.flag("no", { otherwise: false, narrow: true }), true);
  assert.deepEqual(fields.problems.map(({ severity, message }) => `${severity} ${message}`), [
    'error pool-x: field no "no" counts as false: write true or false, without quotes',
    'error pool-x: field no "no" counts as true: write true or false, without quotes',
  ]);
});

Deno.test("FieldReader reads selectors in both forms and refuses others", () => {
  const line = { key: "tier", operator: "NotIn", values: ["db"] };
  const fields = reader({
    short: { team: "a" },
    long: { matchLabels: { team: "a" }, matchExpressions: [line] },
    operator: { matchExpressions: [{ key: "a", operator: "Like" }] },
    number: { team: 5 },
  });
  assert.deepEqual(fields.selector("short"), { matchLabels: { team: "a" }, matchExpressions: [] });
  assert.deepEqual(fields.selector("long"), {
    matchLabels: { team: "a" },
    matchExpressions: [line],
  });
  assert.equal(fields.selector("absent"), undefined);
  assert.deepEqual(fields.problems, []);
  assert.equal(fields.selector("operator"), undefined);
  assert.equal(fields.selector("number"), undefined);
  assert.deepEqual(fields.problems.map(({ severity }) => severity), ["error", "error"]);
});

Deno.test("FieldReader names fields that nobody knows, and a pool without addresses", () => {
  const fields = new FieldReader({ key: "pool-x", known: ["addresses"] });
  fields.open({ value: { adresses: ["10.0.0.0/24"] } });
  assert.deepEqual(fields.problems.map(({ message }) => message), [
    'pool-x: field adresses ["10.0.0.0/24"] is not known: use addresses',
    "pool-x: field addresses is missing: list prefixes or ranges",
  ]);
});
