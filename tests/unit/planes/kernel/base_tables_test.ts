import assert from "assert";
import {
  baseTables,
  deleteTables,
  netdevTrial,
} from "../../../../lib/planes/kernel/base_tables.ts";
import { FakeNft } from "../../../fakes/fake_nft.ts";

const OPTIONS = {
  device: "eth1",
  forwards: true,
  peers: ["02:42:ac:12:00:04", "02:42:ac:12:00:03"],
};

Deno.test("baseTables() can be applied again over itself", () => {
  const nft = new FakeNft();
  for (let i = 0; i < 2; i++) {
    assert.equal(nft.apply(baseTables(OPTIONS)), undefined);
    assert.equal(nft.rules("inet berth", "guard")?.length, 5);
    assert.equal(nft.rules("inet berth", "leave")?.length, 1);
  }
});

Deno.test("baseTables() replaces the peers of before", () => {
  const nft = new FakeNft();
  nft.apply(baseTables(OPTIONS));
  nft.apply(baseTables({ ...OPTIONS, peers: ["02:42:ac:12:00:05"] }));
  assert.deepEqual([...nft.elements("netdev berth", "peers").keys()], ["02:42:ac:12:00:05"]);
});

Deno.test("baseTables() is the same text whatever the order of peers", () => {
  assert.equal(baseTables(OPTIONS), baseTables({ ...OPTIONS, peers: OPTIONS.peers.toReversed() }));
});

Deno.test("baseTables() makes no netdev table where the kernel cannot forward", () => {
  const nft = new FakeNft();
  nft.apply(baseTables({ ...OPTIONS, forwards: false }));
  assert.deepEqual(nft.tables, ["inet berth"]);
});

Deno.test("baseTables() hooks before kube-proxy and on the given interface", () => {
  const text = baseTables(OPTIONS);
  assert.match(text, /chain inet berth enter \{ type nat hook prerouting priority -110;/);
  assert.match(text, /chain netdev berth ingress \{ type filter hook ingress device "eth1"/);
});

Deno.test("deleteTables() works with and without tables", () => {
  const nft = new FakeNft();
  for (const text of ["", baseTables(OPTIONS), "add table netdev berth\n"]) {
    nft.apply(text);
    assert.equal(nft.apply(deleteTables()), undefined);
    assert.deepEqual(nft.tables, []);
  }
});

Deno.test("netdevTrial() tries what the spread rules need", () => {
  assert.match(netdevTrial("eth1"), /fwd ip to 192\.0\.2\.2 device "eth1"/);
});
