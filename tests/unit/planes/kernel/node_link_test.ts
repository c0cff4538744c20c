import assert from "assert";
import { type Affected, Desired } from "../../../../lib/planes/kernel/desired.ts";
import { type LinkHost, NodeLink } from "../../../../lib/planes/kernel/node_link.ts";
import { FakeNode, type FakeNodeOptions } from "../../../fakes/fake_node.ts";
import { settle } from "../../../fakes/fake_clock.ts";
import { listenerWith, specWith } from "../../../fakes/specs.ts";

async function setUp(options: FakeNodeOptions = {}) {
  const node = new FakeNode(options);
  const desired = new Desired(() => 0);
  const log: string[] = [];
  const host: LinkHost = {
    desired,
    openSession: () => node.open(),
    isServedElsewhere: () => false,
    ended: (_, reason) => log.push(`ended ${reason}`),
    damaged: (_, reason) => log.push(`damaged ${reason}`),
  };
  const link = new NodeLink("a", host);
  await link.open("a");
  desired.setNodes([link.facts]);
  return { node, desired, link, log };
}

function many(desired: Desired, count: number): readonly Affected[] {
  return Array.from({ length: count }, (_, at) => {
    const listener = listenerWith({ port: at + 1 });
    return desired.put(specWith({ key: `kind/default/s${at + 1}`, listeners: [listener] }));
  });
}

Deno.test("NodeLink.open() learns what the node is", async () => {
  const { link } = await setUp({ ipv6: "fc00::2", forwards: false });
  await using _ = link;
  assert.deepEqual(link.facts, {
    name: "a",
    health: "ready",
    device: "eth0",
    mac: "02:42:ac:12:00:02",
    addresses: { IPv4: "172.18.0.2", IPv6: "fc00::2" },
    forwards: false,
  });
});

Deno.test("NodeLink.open() refuses a node that cannot serve, and keeps no session to it", async () => {
  const { node, link } = await setUp({ hasNft: false });
  await using _ = link;
  assert.equal(link.facts.health, "refused");
  assert.match(link.problem ?? "", /^node a cannot be used: there is no `nft` command: install/);
  await settle();
  assert.equal(node.sessions, 0);
});

Deno.test("NodeLink.open() says why a node cannot be reached", async () => {
  const { node, link } = await setUp();
  await link.close();
  node.isUp = false;
  await assert.rejects(link.open("a"), /container fake is not running/);
  assert.match(link.problem ?? "", /node a cannot be used: container fake is not running/);
});

Deno.test("NodeLink.apply() puts changes that wait into one transaction", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  await Promise.all(many(desired, 50).map((affected) => link.apply(affected)));
  assert.equal(node.transactions, 1);
  assert.equal(node.nft.elements("inet berth", "serve4").size, 50);
  assert.deepEqual([...node.addresses], ["172.18.255.1"]);
  assert.deepEqual(node.announced, ["eth0 172.18.255.1"]);
});

Deno.test("NodeLink.apply() does nothing when nothing changes", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  const [affected] = many(desired, 1);
  if (affected === undefined) throw new Error("no change");
  await link.apply(affected);
  await link.apply(affected);
  assert.equal(node.transactions, 1);
  assert.equal(node.announced.length, 1);
});

Deno.test("NodeLink.apply() keeps one bad member from hurting others", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  node.poison = "kind/default/s2/";
  const results = await Promise.allSettled(many(desired, 3).map((one) => link.apply(one)));
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  const [, bad] = results;
  assert.match(String(bad?.status === "rejected" && bad.reason), /node a refused the change: nft:/);
  assert.equal(node.nft.elements("inet berth", "serve4").size, 2);
  node.poison = undefined;
  await link.apply({
    keys: new Set(["kind/default/s2"]),
    addresses: new Set(),
    cleanups: new Map(),
  });
  assert.equal(node.nft.elements("inet berth", "serve4").size, 3);
});

Deno.test("NodeLink.apply() takes everything away with the last key", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  for (const affected of many(desired, 2)) await link.apply(affected);
  for (const key of ["kind/default/s1", "kind/default/s2"]) await link.apply(desired.remove(key));
  assert.deepEqual(node.nft.tables, []);
  assert.deepEqual([...node.addresses], []);
  assert.equal(link.mirror.isEmpty, true);
});

Deno.test("NodeLink.replace() mends whatever was done to the tables", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  for (const affected of many(desired, 2)) await link.apply(affected);
  const whole = node.nft.json("inet berth");
  node.nft.apply("delete table inet berth\nadd table inet berth\nadd chain inet berth serve/x");
  node.addresses.clear();
  const keys = new Set(desired.keys);
  await link.replace({ keys, addresses: new Set(desired.addresses), cleanups: new Map() });
  assert.equal(node.nft.json("inet berth"), whole);
  assert.deepEqual([...node.addresses], ["172.18.255.1"]);
});

Deno.test("NodeLink.apply() waits for a lost session that comes back", async () => {
  const { node, desired, link, log } = await setUp();
  await using _ = link;
  node.endSessions();
  await settle();
  assert.equal(log.length, 1);
  assert.equal(link.isReady, true);
  const [affected] = many(desired, 1);
  if (affected === undefined) throw new Error("no change");
  const applied = link.apply(affected);
  await settle();
  assert.equal(node.transactions, 0);
  await link.open("a");
  await applied;
  assert.equal(node.transactions, 1);
});

Deno.test("NodeLink.apply() rejects when the lost session is given up", async () => {
  const { node, desired, link } = await setUp();
  await using _ = link;
  node.kill();
  await settle();
  const [affected] = many(desired, 1);
  if (affected === undefined) throw new Error("no change");
  const applied = link.apply(affected);
  link.giveUp();
  await assert.rejects(applied, { kind: "unavailable", message: /node a cannot be reached/ });
  assert.equal(link.isReady, false);
});

Deno.test("NodeLink.close() rejects what waits", async () => {
  const { node, desired, link } = await setUp();
  node.pause();
  const [first, second] = many(desired, 2).map((affected) => ({ affected }));
  if (first === undefined || second === undefined) throw new Error("no change");
  const running = link.apply(first.affected);
  await settle();
  const waiting = link.apply(second.affected);
  const closing = link.close();
  node.resume();
  await assert.rejects(running, { kind: "unavailable" });
  await assert.rejects(waiting, { kind: "unavailable" });
  await closing;
});
