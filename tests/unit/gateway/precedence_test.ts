import assert from "assert";
import fc from "fast-check";
import { byPrecedence, type Precedence, type Ranked } from "../../../lib/gateway/precedence.ts";

const base: Precedence = {
  kind: 2,
  length: 1,
  method: 0,
  hasMethod: false,
  headers: 0,
  query: 0,
};

function ranked(
  precedence: Partial<Precedence>,
  place: Partial<Pick<Ranked, "rule" | "match">> & { name?: string; created?: string } = {},
): Ranked {
  const { name = "r", created = "2026-01-01T00:00:00Z", rule = 0, match = 0 } = place;
  const metadata = { name, uid: "u", resourceVersion: "1", creationTimestamp: created };
  return { precedence: { ...base, ...precedence }, route: { metadata }, rule, match };
}

/** Each beats the one after it. */
const order: readonly Ranked[] = [
  ranked({ kind: 0 }),
  ranked({ kind: 1, length: 9 }),
  ranked({ length: 8 }),
  ranked({ length: 7, method: 3 }),
  ranked({ length: 7, hasMethod: true }),
  ranked({ length: 7, headers: 2 }),
  ranked({ length: 7, headers: 1, query: 5 }),
  ranked({ length: 7, query: 2 }),
  ranked({ length: 7, query: 1 }),
  ranked({}, { created: "2025-01-01T00:00:00Z", rule: 9 }),
  ranked({}, { name: "a", rule: 9 }),
  ranked({}, { name: "b", rule: 0, match: 1 }),
  ranked({}, { name: "b", rule: 1, match: 0 }),
];

Deno.test("byPrecedence() goes by path, method, headers, query, age, name, rule and match", () => {
  assert.deepEqual(order.toReversed().toSorted(byPrecedence), order);
});

Deno.test("byPrecedence() gives one order, however the matches come", () => {
  const shuffled = fc.shuffledSubarray([...order], { minLength: order.length });
  fc.assert(fc.property(shuffled, (list) => {
    assert.deepEqual(list.toSorted(byPrecedence), order);
  }));
});
