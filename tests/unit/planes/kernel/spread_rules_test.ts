import assert from "assert";
import { NOTHING_MOVED } from "../../../../lib/planes/kernel/moved_slots.ts";
import { movedRules, spreadRules } from "../../../../lib/planes/kernel/spread_rules.ts";
import { listenerWith } from "../../../fakes/specs.ts";

const HASH = "jhash ip saddr . tcp sport mod 2 seed 0xbe57";
const STILL = {
  id: "k/n/web/172.18.255.1/tcp/80",
  listener: listenerWith(),
  slots: ["p1", "p2"],
  nodes: new Map([["p1", "a"], ["p2", "b"]]),
  moved: NOTHING_MOVED,
};
const MOVED = { ...STILL, moved: { slots: new Map([[0, "c"], [1, "a"]]), until: 1 } };
const NOWHERE = { device: "eth0", forward: new Map(), former: new Map() };

Deno.test("spreadRules() sends away only flows of other nodes", () => {
  assert.deepEqual(spreadRules(STILL, NOWHERE), []);
  const some = { ...NOWHERE, forward: new Map([[1, "172.18.0.3"]]) };
  assert.deepEqual(spreadRules(STILL, some), [
    `fwd ip to ${HASH} map { 1 : 172.18.0.3 } device "eth0"`,
  ]);
  const all = { ...NOWHERE, forward: new Map([[0, "172.18.0.3"], [1, "172.18.0.3"]]) };
  assert.deepEqual(spreadRules(STILL, all), ['fwd ip to 172.18.0.3 device "eth0"']);
});

Deno.test("spreadRules() looks at moved slots first", () => {
  const chain = "moved/k/n/web/172.18.255.1/tcp/80";
  assert.deepEqual(spreadRules(MOVED, NOWHERE), [
    `${HASH} vmap { 0 : jump ${chain}, 1 : jump ${chain} }`,
  ]);
});

Deno.test("movedRules() tells new flows from old ones", () => {
  assert.deepEqual(movedRules(STILL, NOWHERE), []);
  const rules = movedRules(MOVED, { ...NOWHERE, former: new Map([[0, "172.18.0.4"]]) });
  const key = "ip daddr . tcp dport . ip saddr . tcp sport";
  assert.deepEqual(rules, [
    `tcp flags & (syn | ack) == syn update @fresh4 { ${key} } return`,
    `tcp flags & (fin | rst) != 0 ${key} @fresh4 update @fresh4 { ${key} timeout 60s } return`,
    `${key} @fresh4 return`,
    `fwd ip to ${HASH} map { 0 : 172.18.0.4 } device "eth0"`,
    "accept",
  ]);
});
