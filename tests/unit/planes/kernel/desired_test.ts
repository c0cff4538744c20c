import assert from "assert";
import fc from "fast-check";
import { Desired } from "../../../../lib/planes/kernel/desired.ts";
import { MOVED_MS } from "../../../../lib/planes/kernel/moved_slots.ts";
import type { NodeFacts, NodeHealth } from "../../../../lib/planes/kernel/types.ts";
import { nodeFacts } from "../../../fakes/node_facts.ts";
import { endpointAt, listenerWith, specWith } from "../../../fakes/specs.ts";

function facts(health: Readonly<Record<string, NodeHealth>> = {}): readonly NodeFacts[] {
  return ["a", "b", "c"].map((name, at) =>
    nodeFacts(name, { number: at + 2, health: health[name] ?? "ready" })
  );
}

function desired(health: Readonly<Record<string, NodeHealth>> = {}): Desired {
  const one = new Desired(() => 0);
  one.setNodes(facts(health));
  return one;
}

const API = specWith({ key: "kind/default/api", listeners: [listenerWith({ port: 443 })] });

Deno.test("Desired.put() says what must be looked at again", () => {
  const one = desired();
  const affected = one.put(specWith());
  assert.deepEqual([...affected.keys], ["kind/default/web"]);
  assert.deepEqual([...affected.addresses], ["172.18.255.1"]);
  const moved = one.put(specWith({ listeners: [listenerWith({ address: "172.18.255.2" })] }));
  assert.deepEqual([...moved.addresses], ["172.18.255.1", "172.18.255.2"]);
  assert.equal(one.isUsed("172.18.255.1"), false);
  assert.equal(one.holder("172.18.255.1"), undefined);
});

Deno.test("Desired.put() refuses a port that another key serves, naming both", () => {
  const one = desired();
  one.put(specWith());
  one.put(API);
  const thief = specWith({ key: "kind/default/thief" });
  assert.throws(() => one.put(thief), {
    kind: "conflict",
    message:
      /^TCP port 80 of 172\.18\.255\.1 is served for kind\/default\/web already, kind\/default\/thief/,
  });
  assert.deepEqual(one.placed("kind/default/thief"), []);
  one.remove("kind/default/web");
  assert.deepEqual([...one.put(thief).keys], ["kind/default/thief"]);
});

Deno.test("Desired keeps an address while any key uses it", () => {
  const one = desired();
  one.put(specWith());
  one.put(API);
  one.remove("kind/default/web");
  assert.deepEqual([...one.usersOf("172.18.255.1")], ["kind/default/api"]);
  one.remove("kind/default/api");
  assert.equal(one.isUsed("172.18.255.1"), false);
});

Deno.test("Desired announces only from ready nodes that suit all users of the address", () => {
  const one = desired({ a: "down" });
  one.put(specWith({ announcers: ["a", "b"] }));
  assert.equal(one.holder("172.18.255.1"), "b");
  one.put({ ...API, announcers: ["b", "c"] });
  assert.equal(one.holder("172.18.255.1"), "b");
  one.put({ ...API, announcers: ["a"] });
  assert.equal(one.holder("172.18.255.1"), "b");
  one.setNodes(facts({ a: "down", b: "refused" }));
  assert.equal(one.holder("172.18.255.1"), undefined);
});

Deno.test("Desired.setNodes() moves only what dead nodes had", () => {
  const endpoints = ["a", "b", "c"].map((name, at) => endpointAt(`10.0.0.${at}`, name));
  const names = fc.subarray(["a", "b", "c"], { minLength: 1, maxLength: 2 });
  fc.assert(fc.property(names, (dead) => {
    const one = desired();
    for (let i = 1; i < 20; i++) {
      const listener = listenerWith({ address: `172.18.255.${i}`, endpoints });
      one.put(specWith({ key: `kind/default/s${i}`, listeners: [listener] }));
    }
    const holders = new Map([...one.addresses].map((address) => [address, one.holder(address)]));
    const before = one.placed("kind/default/s1")[0]?.slots ?? [];
    one.setNodes(facts(Object.fromEntries(dead.map((name) => [name, "down" as const]))));
    for (const [address, holder] of holders) {
      const now = one.holder(address) ?? "";
      assert.ok(!dead.includes(now));
      if (!dead.includes(holder ?? "")) assert.equal(now, holder);
    }
    const gone = endpoints.filter(({ node }) => dead.includes(node ?? "")).map(({ address }) =>
      address
    );
    for (const [slot, owner] of (one.placed("kind/default/s1")[0]?.slots ?? []).entries()) {
      const address = before[slot]?.split(" ")[0] ?? "";
      if (!gone.includes(address)) assert.equal(owner, before[slot]);
    }
  }));
});

Deno.test("Desired.setNodes() leaves flows alone while nodes are being reached or all are lost", () => {
  const one = desired();
  one.put(specWith({ listeners: [listenerWith({ endpoints: [endpointAt("10.0.0.1", "a")] })] }));
  const slots = one.placed("kind/default/web")[0]?.slots;
  one.setNodes(facts({ a: "opening" }));
  assert.deepEqual(one.placed("kind/default/web")[0]?.slots, slots);
  one.setNodes(facts({ a: "down", b: "down", c: "down" }));
  assert.deepEqual(one.placed("kind/default/web")[0]?.slots, slots);
  one.setNodes(facts({ a: "down" }));
  assert.deepEqual(one.placed("kind/default/web")[0]?.slots, []);
});

Deno.test("Desired.nextExpiry() tells when moved slots are forgotten", () => {
  let now = 0;
  const one = new Desired(() => now);
  one.setNodes(facts());
  const both = [endpointAt("10.0.0.1", "a"), endpointAt("10.0.0.2", "b")];
  one.put(specWith({ listeners: [listenerWith({ endpoints: both.slice(0, 1) })] }));
  assert.equal(one.nextExpiry(), undefined);
  now = 5;
  one.put(specWith({ listeners: [listenerWith({ endpoints: both })] }));
  assert.equal(one.nextExpiry(), 5 + MOVED_MS);
  now = 5 + MOVED_MS;
  one.setNodes(facts());
  assert.equal(one.nextExpiry(), undefined);
});
