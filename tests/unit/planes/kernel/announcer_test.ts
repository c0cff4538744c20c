import assert from "assert";
import fc from "fast-check";
import { chooseAnnouncer } from "../../../../lib/planes/kernel/announcer.ts";

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 8 });

Deno.test("chooseAnnouncer() chooses nobody out of nobody", () => {
  assert.equal(chooseAnnouncer("172.18.255.1", []), undefined);
});

Deno.test("chooseAnnouncer() moves an address only off a node that goes", () => {
  fc.assert(fc.property(names, fc.ipV4(), fc.nat(), (nodes, address, pick) => {
    const gone = nodes[pick % nodes.length];
    const before = chooseAnnouncer(address, nodes);
    const after = chooseAnnouncer(address, nodes.filter((name) => name !== gone).toReversed());
    if (before !== gone) assert.equal(after, before);
  }));
});

Deno.test("chooseAnnouncer() spreads addresses over nodes", () => {
  const addresses = Array.from(
    { length: 300 },
    (_, number) => `172.18.${200 + (number >> 8)}.${number & 255}`,
  );
  const chosen = Map.groupBy(addresses, (address) => chooseAnnouncer(address, ["n1", "n2", "n3"]));
  for (const [node, share] of chosen) {
    assert.ok(share.length > 60 && share.length < 140, `${node} has ${share.length} of 300`);
  }
});
