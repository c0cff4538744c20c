import assert from "assert";
import { admits, sortSets } from "../../../lib/gateway/listener_sets.ts";
import type { NamespaceRule } from "../../../lib/gateway/types.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";

const cases: readonly {
  readonly name: string;
  readonly rule: NamespaceRule;
  readonly namespace: string;
  readonly want: boolean;
}[] = [
  { name: "Same by default, at home", rule: {}, namespace: "home", want: true },
  { name: "Same by default, elsewhere", rule: {}, namespace: "away", want: false },
  { name: "All", rule: { from: "All" }, namespace: "away", want: true },
  { name: "None", rule: { from: "None" }, namespace: "home", want: false },
  {
    name: "a selector that fits",
    rule: { from: "Selector", selector: { matchLabels: { team: "a" } } },
    namespace: "away",
    want: true,
  },
  {
    name: "a selector that does not",
    rule: { from: "Selector", selector: { matchLabels: { team: "b" } } },
    namespace: "home",
    want: false,
  },
  { name: "a missing selector", rule: { from: "Selector" }, namespace: "home", want: false },
];

Deno.test.each(cases)("admits() $name", ({ rule, namespace, want }) => {
  assert.equal(admits(rule, { home: "home", namespace, labels: { team: "a" } }), want);
});

const set = (name: string, created: string) => `
---
kind: ListenerSet
metadata: { name: ${name}, creationTimestamp: "${created}" }
spec: { parentRef: { name: gw }, listeners: [] }`;
const sets = set("b", "2026-01-02T00:00:00Z") + set("a", "2026-01-02T00:00:00Z") +
  set("old", "2026-01-01T00:00:00Z");

Deno.test("sortSets() lets nobody in by default (ListenerSetDefaultNotAllowed)", () => {
  const { allowed, refused } = sortSets(gatewayInput(`
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth }${sets}`));
  assert.deepEqual([allowed.length, refused.length], [0, 3]);
});

Deno.test("sortSets() puts older sets first, then goes by name", () => {
  const { allowed } = sortSets(gatewayInput(`
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth, allowedListeners: { namespaces: { from: Same } } }${sets}`));
  assert.deepEqual(allowed.map(({ metadata }) => metadata.name), ["old", "a", "b"]);
});
