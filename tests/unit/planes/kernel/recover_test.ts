import assert from "assert";
import { baseTables } from "../../../../lib/planes/kernel/base_tables.ts";
import { listenerChange } from "../../../../lib/planes/kernel/listener_diff.ts";
import { listenerRules } from "../../../../lib/planes/kernel/listener_rules.ts";
import { placeListener } from "../../../../lib/planes/kernel/placement.ts";
import { recover } from "../../../../lib/planes/kernel/recover.ts";
import { FakeNft } from "../../../fakes/fake_nft.ts";
import { nodeFacts } from "../../../fakes/node_facts.ts";
import { endpointAt, listenerWith } from "../../../fakes/specs.ts";

const ID = "kind/default/web/172.18.255.1/tcp/80";
const NODES = new Map(
  ["a", "b"].map((name, at) => [name, nodeFacts(name, { number: at + 2 })] as const),
);
const OWN = { IPv4: "172.18.0.2", IPv6: "fc00::2" };

function place(endpoints: readonly [string, string][], before?: ReturnType<typeof placeListener>) {
  const listener = listenerWith({
    sourceRanges: ["10.0.0.0/8"],
    endpoints: endpoints.map(([address, node]) => endpointAt(address, node)),
  });
  return placeListener({ id: ID, listener, before, recovered: undefined, nodes: NODES, now: 0 });
}

function nodeWith(placed: ReturnType<typeof placeListener>): FakeNft {
  const nft = new FakeNft();
  nft.apply(baseTables({ device: "eth0", forwards: true, peers: [] }));
  const rules = listenerRules(placed, { node: nodeFacts("a"), nodes: NODES });
  nft.apply(listenerChange(undefined, rules)?.text ?? "");
  nft.apply("add element inet berth addresses4 { 172.18.255.1 }");
  return nft;
}

function dump(nft: FakeNft): readonly string[] {
  return ["inet berth", "netdev berth"].flatMap((name) => nft.json(name) ?? []);
}

const TWO: readonly [string, string][] = [["10.0.0.1", "a"], ["10.0.0.2", "b"]];

Deno.test("recover() reads back listeners, addresses and slots", () => {
  const placed = place(TWO);
  const found = recover(dump(nodeWith(placed)), OWN);
  assert.deepEqual([...found.listeners.values()], [{
    id: ID,
    guard: "",
    fingerprint: "",
    hasRanges: true,
    hasSpread: true,
    hasMoved: false,
  }]);
  assert.deepEqual([...found.addresses], ["172.18.255.1"]);
  assert.deepEqual([...found.slots], [[ID, { slots: placed.slots, moved: new Map() }]]);
  assert.equal(found.isSound, true);
});

Deno.test("recover() finds nothing where there is nothing", () => {
  for (const tables of [[], ["Error: No such file"], ["{}"], ['{"nftables":[{"rule":1}]}']]) {
    const found = recover(tables, OWN);
    assert.equal(found.listeners.size + found.addresses.size + found.slots.size, 0);
    assert.equal(found.isSound, true);
  }
});

Deno.test("recover() sees when somebody left halves behind", () => {
  const harms = [
    "delete element inet berth serve4 { 172.18.255.1 . tcp . 80 }",
    "delete element netdev berth spread4 { 172.18.255.1 . tcp . 80 }",
    `delete element inet berth serve4 { 172.18.255.1 . tcp . 80 }\ndelete chain inet berth serve/${ID}`,
  ];
  for (const harm of harms) {
    const nft = nodeWith(place(TWO));
    assert.equal(nft.apply(harm), undefined, harm);
    assert.equal(recover(dump(nft), OWN).isSound, false, harm);
  }
});

/** As nft 1.0.6 prints a listener whose slots moved: 0 to the other node's, 1 away from this one. */
const MOVED_JSON = JSON.stringify({
  nftables: [
    { chain: { name: `serve/${ID}` } },
    { chain: { name: `spread/${ID}` } },
    { chain: { name: `moved/${ID}` } },
    {
      map: {
        name: "serve4",
        elem: [[{ concat: ["172.18.255.1", "tcp", 80] }, { goto: { target: `serve/${ID}` } }]],
      },
    },
    {
      map: {
        name: "spread4",
        elem: [[{ concat: ["172.18.255.1", "tcp", 80] }, { goto: { target: `spread/${ID}` } }]],
      },
    },
    {
      rule: {
        chain: `spread/${ID}`,
        expr: [{
          vmap: {
            key: { jhash: { mod: 2 } },
            data: {
              set: [[0, { jump: { target: `moved/${ID}` } }], [1, { jump: { target: "" } }]],
            },
          },
        }],
      },
    },
    {
      rule: {
        chain: `moved/${ID}`,
        expr: [{ fwd: { addr: { map: { data: { set: [[0, "172.18.0.3"]] } } } } }],
      },
    },
    {
      rule: {
        chain: `serve/${ID}`,
        expr: [{
          dnat: {
            addr: {
              map: {
                data: {
                  set: [[0, { concat: ["10.0.0.1", 80] }], [1, { concat: ["10.0.0.2", 80] }]],
                },
              },
            },
          },
        }],
      },
    },
  ],
});

Deno.test("recover() reads which node has the older flows of moved slots", () => {
  const found = recover([MOVED_JSON], OWN);
  assert.equal(found.isSound, true);
  assert.equal(found.listeners.get(ID)?.hasMoved, true);
  assert.deepEqual(found.slots.get(ID), {
    slots: ["10.0.0.1 . 80", "10.0.0.2 . 80"],
    moved: new Map([[0, "172.18.0.3"], [1, "172.18.0.2"]]),
  });
});

Deno.test("recover() takes no slot table with holes", () => {
  const holes = MOVED_JSON.replace(
    '[1,{"concat":["10.0.0.2",80]}]',
    '[3,{"concat":["10.0.0.2",80]}]',
  );
  assert.equal(recover([holes], OWN).slots.size, 0);
});
