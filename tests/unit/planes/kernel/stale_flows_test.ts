import assert from "assert";
import { NOTHING_MOVED } from "../../../../lib/planes/kernel/moved_slots.ts";
import { staleFlows } from "../../../../lib/planes/kernel/stale_flows.ts";
import type { PlacedListener } from "../../../../lib/planes/kernel/types.ts";
import type { Listener } from "../../../../lib/proxy/types.ts";
import { listenerWith } from "../../../fakes/specs.ts";

function placed(slots: readonly string[], part: Partial<Listener> = {}): PlacedListener {
  const listener = listenerWith({ protocol: "UDP", ...part });
  return { id: "web", listener, slots, nodes: new Map(), moved: NOTHING_MOVED };
}

const P1 = "10.244.1.2 . 53";
const P2 = "10.244.2.2 . 53";
const PLACE = "172.18.255.1 80";
const RANGES = { sourceRanges: ["10.0.0.0/8"] };

const CASES: Readonly<
  Record<string, {
    before: readonly PlacedListener[];
    after: readonly PlacedListener[];
    expected: readonly string[];
  }>
> = {
  "entries without NAT when the first endpoint comes": {
    before: [placed([])],
    after: [placed([P1, P1])],
    expected: [`${PLACE} 172.18.255.1`],
  },
  "entries without NAT of a new listener": {
    before: [],
    after: [placed([P1])],
    expected: [`${PLACE} 172.18.255.1`],
  },
  "those of an endpoint that left": {
    before: [placed([P1, P2, P1])],
    after: [placed([P2, P2])],
    expected: [`${PLACE} 10.244.1.2 53`],
  },
  "nothing when endpoints only join": {
    before: [placed([P1])],
    after: [placed([P1, P2])],
    expected: [],
  },
  "everything when the listener goes": { before: [placed([P1])], after: [], expected: [PLACE] },
  "everything when other sources may come": {
    before: [placed([P1])],
    after: [placed([P1], RANGES)],
    expected: [PLACE],
  },
  "nothing of TCP": {
    before: [placed([P1], { protocol: "TCP" })],
    after: [placed([P2], { protocol: "TCP" })],
    expected: [],
  },
};

for (const [name, { before, after, expected }] of Object.entries(CASES)) {
  Deno.test(`staleFlows() names ${name}`, () => {
    assert.deepEqual(staleFlows(before, after), expected);
  });
}
