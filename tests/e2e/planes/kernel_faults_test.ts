import assert from "assert";
import type { Plane, Served } from "../../../lib/planes/types.ts";
import type { Listener } from "../../../lib/proxy/types.ts";
import { endpointsOf, missingForPlaneTests, PlaneBed, specOf } from "./plane_bed.ts";
import { askTcp, namesOf, outcome, untilOutcome } from "./traffic.ts";

const missing = await missingForPlaneTests();
const { signal } = new AbortController();
const KEY = "kp/default/web";

interface World {
  readonly bed: PlaneBed;
  readonly nodes: readonly string[];
  readonly moved: Served[];
  plane: Plane;
}

Deno.test({ name: "kernel plane survives", ignore: missing !== undefined }, async (t) => {
  await using bed = await PlaneBed.up("kpfaults");
  const nodes = bed.nodes.map(({ name }) => name);
  const [a = "", b = "", c = ""] = nodes;
  await bed.startPods({ p1: a, p2: b, p3: c, p4: c });
  const moved: Served[] = [];
  const plane = bed.plane({ moved: (served) => moved.push(served) });
  await plane.setNodes(bed.nodes, { signal });
  const world: World = { bed, plane, nodes, moved };
  for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(world));
});

const CHECKS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  "its own restart, without a lost answer": restart,
  "removal of a key that only an earlier life knew": removeOld,
  "somebody who flushes rules or takes the address": repairs,
  "changes that are none of its business": ignoresOthers,
  "a kernel that cannot forward": withoutForward,
  "a node that cannot serve": refusedNode,
  "the death and return of the announcing node": nodeDeath,
};

function listeners({ bed }: World, port = 80): readonly Listener[] {
  return (["IPv4", "IPv6"] as const).map((family) => ({
    address: bed.address(family, 1),
    family,
    protocol: "TCP",
    port,
    sourceRanges: [],
    closed: false,
    affinity: "none",
    endpoints: endpointsOf(bed.pods, family, 8082),
  }));
}

function ensure(world: World, announcers = world.nodes): Promise<Served> {
  return world.plane.ensure(specOf(KEY, listeners(world), announcers), { signal });
}

function rulesOf({ bed }: World, node: string): Promise<string> {
  return bed.inside(node, "nft list table inet berth; nft list table netdev berth");
}

async function answersEverywhere(world: World): Promise<void> {
  for (const { address } of listeners(world)) {
    await untilOutcome(async () => (await outcome(askTcp(address, 80, 500))), /^p\d$/);
  }
}

async function restart(world: World): Promise<void> {
  const before = await ensure(world);
  const [address = ""] = before.addresses.map((one) => one.address);
  const rules = await Promise.all(world.nodes.map((node) => rulesOf(world, node)));
  const client = askAlways(address);
  await world.plane[Symbol.asyncDispose]();
  world.plane = world.bed.plane({ moved: (served) => world.moved.push(served) });
  await world.plane.setNodes(world.bed.nodes, { signal });
  assert.deepEqual(await world.plane.list({ signal }), [before]);
  assert.deepEqual(await ensure(world), before);
  assert.deepEqual(await Promise.all(world.nodes.map((node) => rulesOf(world, node))), rules);
  const { asked, failed } = await client.stop();
  assert.deepEqual(failed, []);
  assert.ok(asked > 10, `asked ${asked} times`);
}

/** Asks one question after the other until told to stop. */
function askAlways(address: string) {
  const stop = new AbortController();
  const failed: string[] = [];
  let asked = 0;
  const done = (async () => {
    while (!stop.signal.aborted) {
      const seen = await outcome(askTcp(address, 80));
      if (!/^p\d$/.test(seen)) failed.push(seen);
      asked++;
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await done;
      return { asked, failed };
    },
  };
}

async function removeOld(world: World): Promise<void> {
  await world.plane[Symbol.asyncDispose]();
  world.plane = world.bed.plane({ moved: (served) => world.moved.push(served) });
  await world.plane.setNodes(world.bed.nodes, { signal });
  await world.plane.remove(KEY, { signal });
  for (const node of world.nodes) {
    const left = await world.bed.inside(node, "nft list tables; ip -br address show dev eth0");
    assert.doesNotMatch(left, /berth|\/32|\/128/);
  }
}

async function repairs(world: World): Promise<void> {
  const served = await ensure(world);
  const [address = "", six = ""] = served.addresses.map((one) => one.address);
  const [holder = "", holder6 = ""] = served.addresses.map((one) => one.node ?? "");
  const harms = [
    [holder, "nft flush table inet berth"],
    [holder, "nft delete table inet berth; nft delete table netdev berth"],
    [holder, "nft flush ruleset"],
    [holder, `ip address del ${address}/32 dev eth0`],
    [holder6, `ip address del ${six}/128 dev eth0`],
    [holder, `nft delete chain netdev berth ingress`],
    [holder, "nft flush chain inet berth enter"],
  ] as const;
  for (const [node, harm] of harms) {
    const before = await rulesOf(world, node);
    await world.bed.inside(node, harm);
    await untilOutcome(async () => await rulesOf(world, node).catch(() => ""), whole(before));
    await answersEverywhere(world);
  }
}

/** A pattern that matches exactly this text. */
function whole(text: string): RegExp {
  return new RegExp(`^${RegExp.escape(text)}$`);
}

async function ignoresOthers(world: World): Promise<void> {
  const served = await ensure(world);
  const node = served.addresses[0]?.node ?? "";
  const handles = () => world.bed.inside(node, "nft -a list table inet berth");
  const before = await handles();
  await world.bed.inside(
    node,
    `for i in $(seq 20); do nft add table ip other; nft add chain ip other c; nft delete table ip other; done
    ip address add 192.0.2.7/32 dev eth0; ip address del 192.0.2.7/32 dev eth0`,
  );
  await ensure(world);
  assert.equal(await handles(), before);
}

/** Every command but `nft`. */
const WITHOUT_NFT = `ln -s /usr/sbin/* /usr/bin/* /bin/* . 2>/dev/null; rm -f nft`;

/** An `nft` that refuses `fwd`, as kernels without it do. */
const WITHOUT_FORWARD = `${WITHOUT_NFT}
cat > nft <<'END'
#!/bin/bash
[ "\${@: -1}" = - ] || exec /usr/sbin/nft "$@"
rules=$(mktemp)
cat > "$rules"
grep -q ' fwd ' "$rules" && exit 1
exec /usr/sbin/nft "\${@:1:$#-1}" "$rules"
END
chmod +x nft`;

async function withoutForward(world: World): Promise<void> {
  const served = await ensure(world);
  const node = served.addresses[0]?.node ?? "";
  await world.bed.setCommands(node, WITHOUT_FORWARD);
  await reopen(world, node);
  await ensure(world, [node]);
  assert.doesNotMatch(await rulesOf(world, node), /fwd/);
  for (const { address } of listeners(world)) {
    assert.equal((await namesOf(60, () => askTcp(address, 80))).size, 4);
  }
  await world.bed.setCommands(node);
  await reopen(world, node);
}

async function refusedNode(world: World): Promise<void> {
  const [a = "", , c = ""] = world.nodes;
  await world.bed.setCommands(c, WITHOUT_NFT);
  await reopen(world, c);
  const served = await ensure(world);
  assert.match(
    served.warnings.join(),
    /node kpfaults-c cannot be used: there is no `nft` command: install it there/,
  );
  assert.ok(served.addresses.every(({ node }) => node !== c));
  for (const { address } of listeners(world)) {
    assert.equal((await namesOf(60, () => askTcp(address, 80))).size, 4);
  }
  await assert.rejects(ensure(world, [c]), {
    kind: "exhausted",
    message: /no node can announce .* node kpfaults-c cannot be used: there is no `nft` command/,
  });
  await world.bed.setCommands(c);
  await reopen(world, c);
  assert.deepEqual((await ensure(world, [a])).warnings, []);
}

/** The node goes and comes, as far as the plane is told. */
async function reopen({ bed, plane }: World, name: string): Promise<void> {
  await plane.setNodes(bed.nodes.map((one) => ({ ...one, up: one.name !== name })), { signal });
  await plane.setNodes(bed.nodes, { signal });
}

async function nodeDeath(world: World): Promise<void> {
  const { bed } = world;
  const served = await ensure(world);
  const node = served.addresses[0]?.node ?? "";
  world.moved.length = 0;
  await bed.killNode(node);
  await answersEverywhere(world);
  const alive = world.nodes.filter((name) => name !== node);
  for (const { address } of listeners(world)) {
    const expected = bed.pods.filter((pod) => pod.node !== node).length;
    assert.equal((await namesOf(60, () => askTcp(address, 80))).size, expected);
  }
  assert.ok(world.moved.at(-1)?.addresses.every((one) => alive.includes(one.node ?? "")));
  await world.plane.setNodes(bed.nodes.map((one) => ({ ...one, up: one.name !== node })), {
    signal,
  });
  await bed.startNode(node);
  await world.plane.setNodes(bed.nodes, { signal });
  assert.deepEqual((await ensure(world)).addresses, served.addresses);
  await world.plane.remove(KEY, { signal });
}
