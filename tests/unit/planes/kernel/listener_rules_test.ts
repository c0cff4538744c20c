import assert from "assert";
import { listenerRules } from "../../../../lib/planes/kernel/listener_rules.ts";
import { placeListener } from "../../../../lib/planes/kernel/placement.ts";
import type { ListenerRules, NodeFacts } from "../../../../lib/planes/kernel/types.ts";
import type { Listener } from "../../../../lib/proxy/types.ts";
import { nodeFacts } from "../../../fakes/node_facts.ts";
import { endpointAt, listenerWith } from "../../../fakes/specs.ts";

const ID = "kind/default/web/172.18.255.1/tcp/80";

function rulesOn(
  name: string,
  part: Partial<Listener>,
  facts: Readonly<Record<string, Partial<NodeFacts>>> = {},
): ListenerRules {
  const nodes = new Map(
    ["a", "b", "c"].map((one, at) =>
      [one, nodeFacts(one, { number: at + 2, ...facts[one] })] as const
    ),
  );
  const listener = listenerWith(part);
  const placed = placeListener({
    id: ID,
    listener,
    before: undefined,
    recovered: undefined,
    nodes,
    now: 0,
  });
  return listenerRules(placed, { node: nodes.get(name) ?? nodeFacts(name), nodes });
}

const TWO = { endpoints: [endpointAt("10.244.1.2", "a"), endpointAt("10.244.2.2", "b")] };

Deno.test("listenerRules() serves own endpoints and forwards the flows of others", () => {
  const { serve, spread, guard, element } = rulesOn("a", TWO);
  assert.equal(element, "172.18.255.1 . tcp . 80");
  assert.equal(guard, "accept");
  assert.match(serve[1] ?? "", /^meta l4proto tcp dnat ip to jhash .* map \{ 0 : 10\.244\.1\.2/);
  assert.match(spread[0] ?? "", /^fwd ip to jhash .* map \{ 1 : 172\.18\.0\.3, .*device "eth0"$/);
  assert.doesNotMatch(spread[0] ?? "", /172\.18\.0\.2/);
});

Deno.test("listenerRules() gives every slot to exactly one endpoint on every node", () => {
  for (const name of ["a", "b", "c"]) {
    const { serve } = rulesOn(name, TWO);
    const slots = serve.flatMap((rule) =>
      [...rule.matchAll(/(\d+) : 10\./g)].map((match) => Number(match[1]))
    );
    assert.deepEqual(slots.sort((x, y) => x - y), Array.from({ length: 16 }, (_, slot) => slot));
  }
});

Deno.test("listenerRules() masquerades far flows from outside and Pods that ask themselves", () => {
  const { serve } = rulesOn("a", TWO);
  assert.equal(
    serve[0],
    'iifname != "eth0" ip saddr { 10.244.1.2 } meta mark set meta mark | 0x2000',
  );
  assert.equal(serve[2], 'iifname "eth0" meta mark set meta mark | 0x2000');
  const outside = rulesOn("a", { endpoints: [endpointAt("192.0.2.1")] });
  assert.equal(outside.serve[0], "meta mark set meta mark | 0x2000");
});

Deno.test("listenerRules() forwards nothing to nodes without our rules or of the wrong family", () => {
  assert.deepEqual(rulesOn("a", TWO, { b: { health: "refused" } }).spread, []);
  assert.deepEqual(rulesOn("a", TWO, { b: { addresses: { IPv6: "fc00::3" } } }).spread, []);
  assert.deepEqual(rulesOn("a", TWO, { a: { forwards: false } }).spread, []);
  assert.notDeepEqual(rulesOn("a", TWO, { b: { health: "opening" } }).spread, []);
});

Deno.test("listenerRules() writes IPv6 targets with brackets", () => {
  const six = {
    family: "IPv6" as const,
    address: "fc00::ff:1",
    endpoints: [endpointAt("fd00::2", "a")],
  };
  assert.equal(rulesOn("a", six).serve.at(-1), "meta l4proto tcp dnat ip6 to [fd00::2]:8080");
});

Deno.test("listenerRules() guards by endpoints and sources", () => {
  const ranges = { sourceRanges: ["192.0.2.0/24", "10.0.0.0/8"] };
  const cases: readonly (readonly [Partial<Listener>, string, readonly string[]])[] = [
    [{}, "accept", []],
    [{ endpoints: [] }, "goto refuse", []],
    [{ closed: true, endpoints: [] }, "drop", []],
    [ranges, `goto ranges/${ID}`, ["ip saddr { 10.0.0.0/8, 192.0.2.0/24 } accept", "drop"]],
    [
      { ...ranges, endpoints: [] },
      `goto ranges/${ID}`,
      ["ip saddr { 10.0.0.0/8, 192.0.2.0/24 } goto refuse", "drop"],
    ],
  ];
  for (const [part, guard, expected] of cases) {
    const rules = rulesOn("a", part);
    assert.equal(rules.guard, guard);
    assert.deepEqual(rules.ranges, expected);
  }
});
