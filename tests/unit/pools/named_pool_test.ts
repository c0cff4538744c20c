import assert from "assert";
import { namedPool } from "../../../lib/pools/named_pool.ts";
import { describePool } from "../../../lib/addresses/mod.ts";

const defaults = { order: "ascending", skipEnds: false, avoidEnds: true } as const;
const read = (value: string) => namedPool({ key: "pool-x", value, defaults });

Deno.test("namedPool() reads every field", () => {
  const { pool, problems } = read(`
addresses: [192.0.2.0/28, 2001:db8::10-2001:db8::1f]
exclude: 192.0.2.5/32
priority: 10
namespaces: [dev, test]
namespaceSelector: {team: a}
serviceSelector:
  matchExpressions: [{key: tier, operator: In, values: [web]}]
autoAssign: false
avoidBuggyIPs: false
skipEnds: true
searchOrder: desc
interface: eth1
`);
  assert.deepEqual(problems, []);
  assert.ok(pool);
  const ranges = "192.0.2.1-192.0.2.4,192.0.2.6-192.0.2.14,2001:db8::10-2001:db8::1f";
  assert.equal(describePool(pool), ranges);
  const { scope, auto, avoidEnds, order } = pool;
  assert.deepEqual([auto, avoidEnds, order, pool.interface], [false, false, "descending", "eth1"]);
  assert.deepEqual(scope, {
    kind: "selected",
    priority: 10,
    namespaces: ["dev", "test"],
    namespaceSelector: { matchLabels: { team: "a" }, matchExpressions: [] },
    serviceSelector: {
      matchLabels: {},
      matchExpressions: [{ key: "tier", operator: "In", values: ["web"] }],
    },
  });
});

Deno.test("namedPool() needs addresses alone", () => {
  const { pool, problems } = read("addresses: 192.0.2.0/28");
  assert.deepEqual(problems, []);
  assert.deepEqual([pool?.auto, pool?.avoidEnds, pool?.order], [true, true, "ascending"]);
});

const circular = ["addresses: &a [*a]", "&a\naddresses: 10.0.0.0/24\npriority: *a"];
for (const value of ["{", "text", "[1]", "", ...circular]) {
  Deno.test(`namedPool() is none for ${JSON.stringify(value)}, and says how to write it`, () => {
    const { pool, problems } = read(value);
    assert.equal(pool, undefined);
    assert.match(problems[0]?.message ?? "", /^pool-x: its value .*addresses: \[/);
    assert.doesNotMatch(problems[0]?.message ?? "", /:\)/);
  });
}

const unsafe: readonly (readonly [string, RegExp])[] = [
  ["serviceSelector: web", /serviceSelector "web" cannot be read: write labels/],
  ["serviceSelectors: [{matchLabels: {tier: web}}]", /field serviceSelectors .* is not known: use/],
  ["namespaces: [1]", /namespaces \[1\] must be a list of texts/],
  ["autoAssign: nope", /autoAssign "nope" counts as false/],
  ["autoAssign: 'no'", /autoAssign "no" counts as false/],
  ["exclude: 10.0.0.300/32", /entry "10\.0\.0\.300\/32" is not used/],
  ["exclude: [5]", /exclude \[5\] must be a list of texts/],
  ["skipEnds: yep", /skipEnds "yep" counts as true/],
  ["avoidBuggyIPs: yep", /avoidBuggyIPs "yep" counts as true/],
];
for (const [field, words] of unsafe) {
  Deno.test(`namedPool() is given to nobody by itself with ${field}`, () => {
    const { pool, problems } = read(`{addresses: 10.0.0.0/24, ${field}}`);
    assert.equal(pool?.auto, false);
    assert.deepEqual(problems.map(({ severity }) => severity), ["error"]);
    assert.match(problems[0]?.message ?? "", words);
  });
}

Deno.test("namedPool() goes on giving with an entry or an order that cannot be read", () => {
  for (const text of ["[10.0.0.0/24, oops]", "10.0.0.0/24, priority: high, searchOrder: up"]) {
    const { pool, problems } = read(`{addresses: ${text}}`);
    assert.equal(pool?.auto, true);
    assert.ok(problems.length > 0);
  }
});

for (const value of ["priority: 1", "addresses:", "addresses: []", "addresses: ''"]) {
  Deno.test(`namedPool() says that ${JSON.stringify(value)} has no addresses`, () => {
    assert.match(read(value).problems[0]?.message ?? "", /addresses .*missing: list prefixes/);
  });
}
