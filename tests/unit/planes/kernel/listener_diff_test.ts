import assert from "assert";
import fc from "fast-check";
import { baseTables } from "../../../../lib/planes/kernel/base_tables.ts";
import {
  heldOf,
  listenerChange,
  listenerRemoval,
} from "../../../../lib/planes/kernel/listener_diff.ts";
import type { HeldListener, ListenerRules } from "../../../../lib/planes/kernel/types.ts";
import { FakeNft } from "../../../fakes/fake_nft.ts";

const ID = "kind/default/web/172.18.255.1/tcp/80";
const BASE = baseTables({ device: "eth0", forwards: true, peers: [] });

function rules(part: Partial<ListenerRules> = {}): ListenerRules {
  return {
    id: ID,
    address: "172.18.255.1",
    family: "IPv4",
    element: "172.18.255.1 . tcp . 80",
    guard: "accept",
    serve: [],
    ranges: [],
    spread: [],
    moved: [],
    ...part,
  };
}

const anyRules = fc.record({
  isRanged: fc.boolean(),
  serve: fc.array(fc.constantFrom("s1", "s2"), { maxLength: 2 }),
  spread: fc.array(fc.constantFrom("f1", "f2"), { maxLength: 2 }),
  moved: fc.array(fc.constantFrom("m1", "m2"), { maxLength: 2 }),
  open: fc.constantFrom("accept", "drop", "goto refuse"),
}).map(({ isRanged, open, ...part }) =>
  rules({
    ...part,
    guard: isRanged ? `goto ranges/${ID}` : open,
    ranges: isRanged ? ["r"] : [],
  })
);

/** What the tables must hold for a listener. */
function expected({ guard, serve, ranges, spread, moved }: ListenerRules) {
  const some = (list: readonly string[]) => list.length > 0 ? list : undefined;
  return [guard, serve, some(ranges), some(spread), some(moved), spread.length > 0];
}

function seen(nft: FakeNft) {
  const key = "172.18.255.1 . tcp . 80";
  return [
    nft.elements("inet berth", "guard4").get(key),
    nft.rules("inet berth", `serve/${ID}`),
    nft.rules("inet berth", `ranges/${ID}`),
    nft.rules("netdev berth", `spread/${ID}`),
    nft.rules("netdev berth", `moved/${ID}`),
    nft.elements("netdev berth", "spread4").has(key),
  ];
}

Deno.test("listenerChange() leads from any rules to any others, and to none", () => {
  fc.assert(fc.property(fc.array(anyRules, { minLength: 1, maxLength: 5 }), (steps) => {
    const nft = new FakeNft();
    nft.apply(BASE);
    const empty = nft.json("inet berth");
    let held: HeldListener | undefined;
    for (const step of steps) {
      const change = listenerChange(held, step);
      assert.equal(nft.apply(change?.text ?? ""), undefined);
      held = change?.held ?? held;
      assert.deepEqual(seen(nft), expected(step));
    }
    if (held !== undefined) assert.equal(nft.apply(listenerRemoval(held).text), undefined);
    assert.equal(nft.json("inet berth"), empty);
    assert.deepEqual(seen(nft).slice(0, 5), Array(5).fill(undefined));
  }));
});

Deno.test("listenerChange() is nothing when the node holds the same", () => {
  assert.equal(listenerChange(heldOf(rules()), rules()), undefined);
});

Deno.test("listenerChange() rewrites what an earlier life left, without a gap", () => {
  const nft = new FakeNft();
  nft.apply(BASE);
  nft.apply(listenerChange(undefined, rules({ guard: "drop", spread: ["f1"] }))?.text ?? "");
  const held = { ...heldOf(rules({ spread: ["f1"] })), guard: "", fingerprint: "" };
  const change = listenerChange(held, rules({ serve: ["s1"] }));
  assert.equal(nft.apply(change?.text ?? ""), undefined);
  assert.deepEqual(seen(nft), expected(rules({ serve: ["s1"] })));
});

Deno.test("heldOf() tells rules in one chain from the same in another", () => {
  const one = heldOf(rules({ serve: ["x"] })).fingerprint;
  assert.notEqual(one, heldOf(rules({ spread: ["x"] })).fingerprint);
  assert.notEqual(one, heldOf(rules({ guard: "drop", serve: ["x"] })).fingerprint);
});
