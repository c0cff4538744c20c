import assert from "assert";
import type { Plane } from "../../../lib/planes/types.ts";
import type { IpFamily, Listener } from "../../../lib/proxy/types.ts";
import { endpointsOf, missingForPlaneTests, PlaneBed, specOf } from "./plane_bed.ts";
import { askTcp, askUdp, namesOf, outcome, UdpClient, untilOutcome } from "./traffic.ts";

const missing = await missingForPlaneTests();
const TCP_PORT = 8082;
const UDP_PORT = 8081;
const { signal } = new AbortController();

interface World {
  readonly bed: PlaneBed;
  readonly plane: Plane;
  readonly nodes: readonly string[];
}

Deno.test({ name: "kernel plane carries traffic", ignore: missing !== undefined }, async (t) => {
  await using bed = await PlaneBed.up("kptraffic");
  const nodes = bed.nodes.map(({ name }) => name);
  const [a = "", b = "", c = ""] = nodes;
  await bed.startPods({ p1: a, p2: a, p3: b, p4: c });
  const plane = bed.plane();
  await plane.setNodes(bed.nodes, { signal });
  const world = { bed, plane, nodes };
  for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(world));
});

const CHECKS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  "spreads over all nodes and keeps the source, both families": spreads,
  "keeps a client on one endpoint with affinity": keepsClient,
  "answers whatever node announces": anyAnnouncer,
  "refuses without endpoints": refuses,
  "hides the node's own ports": hidesNode,
  "lets only source ranges in": filters,
  "serves fragments": fragments,
  "serves Pods, also back to themselves, with their address": insidePods,
  "serves node processes": insideNodes,
  "keeps addresses shared by two keys": shared,
  "moves UDP clients off an endpoint that left": udpMoves,
  "leaves nothing behind": leavesNothing,
};

function listenerOf(
  { bed }: World,
  family: IpFamily,
  part: Partial<Listener> = {},
): Listener {
  const protocol = part.protocol ?? "TCP";
  return {
    address: bed.address(family, 1),
    family,
    protocol,
    port: 80,
    sourceRanges: [],
    closed: false,
    affinity: "none",
    endpoints: endpointsOf(bed.pods, family, protocol === "TCP" ? TCP_PORT : UDP_PORT),
    ...part,
  };
}

async function ensure({ plane, nodes }: World, listeners: readonly Listener[], key = "kp/d/web") {
  return await plane.ensure(specOf(key, listeners, nodes), { signal });
}

async function spreads(world: World): Promise<void> {
  const listeners = [
    listenerOf(world, "IPv4"),
    listenerOf(world, "IPv6"),
    listenerOf(world, "IPv4", { protocol: "UDP" }),
    listenerOf(world, "IPv6", { protocol: "UDP" }),
  ];
  await ensure(world, listeners);
  for (const { address, family, protocol } of listeners) {
    const ask = protocol === "TCP" ? askTcp : askUdp;
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(address, 80)));
    const names = new Set(answers.map(({ name }) => name));
    assert.deepEqual([...names].sort(), ["p1", "p2", "p3", "p4"], `${family} ${protocol}`);
    const clients = new Set(answers.map(({ client }) => client));
    assert.deepEqual([...clients], [world.bed.gateway(family)], `${family} ${protocol}`);
  }
}

async function keepsClient(world: World): Promise<void> {
  const listener = listenerOf(world, "IPv4", { affinity: "client-ip" });
  await ensure(world, [listener]);
  assert.equal((await namesOf(20, () => askTcp(listener.address, 80))).size, 1);
  await ensure(world, [{ ...listener, affinity: "none" }]);
  assert.equal((await namesOf(60, () => askTcp(listener.address, 80))).size, 4);
}

async function anyAnnouncer(world: World): Promise<void> {
  const { bed, plane, nodes } = world;
  const listener = listenerOf(world, "IPv4");
  const six = listenerOf(world, "IPv6");
  for (const node of nodes) {
    const served = await plane.ensure(specOf("kp/d/web", [listener, six], [node]), { signal });
    assert.deepEqual(served.addresses.map((address) => address.node), [node, node]);
    assert.equal((await namesOf(60, () => askTcp(listener.address, 80))).size, 4);
    assert.equal((await namesOf(60, () => askTcp(six.address, 80))).size, 4);
    const holders = await Promise.all(nodes.map((name) => bed.inside(name, "ip -br address")));
    const having = nodes.filter((_, at) => holders[at]?.includes(`${listener.address}/32`));
    assert.deepEqual(having, [node]);
  }
}

async function refuses(world: World): Promise<void> {
  const tcp = listenerOf(world, "IPv4", { endpoints: [] });
  const udp = listenerOf(world, "IPv4", { endpoints: [], protocol: "UDP" });
  await ensure(world, [tcp, udp]);
  assert.equal(await outcome(askTcp(tcp.address, 80)), "refused");
  await using local = await UdpClient.open("IPv4");
  assert.equal(await outcome(local.ask(tcp.address, 80, { ms: 300 })), "timeout");
  await ensure(world, [tcp, listenerOf(world, "IPv4", { protocol: "UDP" })]);
  assert.match((await local.ask(tcp.address, 80)).name, /^p\d$/);
}

async function hidesNode(world: World): Promise<void> {
  const { bed, nodes } = world;
  const listener = listenerOf(world, "IPv4");
  const served = await ensure(world, [listener]);
  const node = served.addresses[0]?.node ?? "";
  const own = (await bed.inside(node, "ip -o -4 address show dev eth0")).match(/inet ([\d.]+)/)
    ?.[1];
  const perl =
    "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5, LocalPort => 7777, " +
    'ReuseAddr => 1) or die; while (my $c = $s->accept) { print $c "node"; close $c }';
  const pid = await bed.inside(node, `setsid perl -e '${perl}' >/dev/null 2>&1 & echo $!`);
  try {
    await untilOutcome(() => outcome(askTcp(own ?? "", 7777)), "node");
    assert.equal(await outcome(askTcp(listener.address, 7777)), "refused");
    assert.ok(nodes.includes(node));
  } finally {
    await bed.inside(node, `kill -KILL ${pid}`);
  }
}

async function filters(world: World): Promise<void> {
  const gateway = world.bed.gateway("IPv4");
  const cases = [
    { ranges: ["192.0.2.0/24"], expected: "timeout" },
    { ranges: ["192.0.2.0/24", `${gateway}/32`], expected: "answer" },
    { ranges: ["0.0.0.0/1", "128.0.0.0/1"], expected: "answer" },
    { ranges: ["0.0.0.0/0", "10.0.0.0/8"], expected: "answer" },
    { ranges: ["255.0.0.0/32"], expected: "timeout" },
    { ranges: [], expected: "answer" },
  ];
  for (const protocol of ["TCP", "UDP"] as const) {
    for (const { ranges, expected } of cases) {
      const listener = listenerOf(world, "IPv4", { protocol, sourceRanges: ranges });
      await ensure(world, [listener]);
      const ask = protocol === "TCP"
        ? askTcp(listener.address, 80, 300)
        : askUdp(listener.address, 80, { ms: 300 });
      const seen = (await outcome(ask)).replace(/^p\d$/, "answer");
      assert.equal(seen, expected, `${protocol} ${ranges.join(" ")}`);
    }
  }
  const closed = listenerOf(world, "IPv4", { closed: true });
  await ensure(world, [closed]);
  assert.equal(await outcome(askTcp(closed.address, 80, 300)), "timeout");
}

async function fragments(world: World): Promise<void> {
  for (const family of ["IPv4", "IPv6"] as const) {
    const listener = listenerOf(world, family, { protocol: "UDP" });
    await ensure(world, [listener]);
    const names = await namesOf(40, () => askUdp(listener.address, 80, { size: 3_000 }));
    assert.deepEqual([...names].sort(), ["p1", "p2", "p3", "p4"], family);
  }
}

/** Asks from inside a node's or Pod's network with what nodes have. */
function askScript(address: string): string {
  return `exec 3<>/dev/tcp/${address}/80 && head -n1 <&3`;
}

async function insidePods(world: World): Promise<void> {
  const { bed } = world;
  const all = [listenerOf(world, "IPv4"), listenerOf(world, "IPv6")];
  for (const pod of bed.pods) {
    for (const listener of all) {
      const [own] = endpointsOf([pod], listener.family, TCP_PORT);
      const others = endpointsOf(bed.pods.filter((one) => one !== pod), listener.family, TCP_PORT);
      await ensure(world, [{ ...listener, endpoints: own === undefined ? [] : [own] }]);
      assert.ok((await bed.inside(pod.name, askScript(listener.address))).startsWith(pod.name));
      await ensure(world, [{ ...listener, endpoints: others }]);
      const answer = await bed.inside(pod.name, askScript(listener.address));
      assert.ok(answer.includes(pod.addresses[listener.family]), `${pod.name}: ${answer}`);
    }
  }
}

async function insideNodes(world: World): Promise<void> {
  for (const family of ["IPv4", "IPv6"] as const) {
    const listener = listenerOf(world, family);
    await ensure(world, [listener]);
    for (const node of world.nodes) {
      const script = `for i in 1 2 3 4 5 6 7 8; do (${askScript(listener.address)}); done`;
      const answers = (await world.bed.inside(node, script)).split("\n");
      assert.equal(answers.filter((line) => /^p\d /.test(line)).length, 8, `${node} ${family}`);
    }
  }
}

async function shared(world: World): Promise<void> {
  const web = listenerOf(world, "IPv4");
  const other = { ...web, port: 81 };
  await ensure(world, [web]);
  await ensure(world, [other], "kp/d/other");
  await assert.rejects(
    ensure(world, [web], "kp/d/thief"),
    /kp\/d\/web already, kp\/d\/thief cannot/,
  );
  await world.plane.remove("kp/d/web", { signal });
  assert.match((await askTcp(web.address, 81)).name, /^p\d$/);
  assert.equal(await outcome(askTcp(web.address, 80)), "refused");
  await world.plane.remove("kp/d/other", { signal });
}

async function udpMoves(world: World): Promise<void> {
  const { bed } = world;
  await using local = await UdpClient.open("IPv4");
  const all = endpointsOf(bed.pods, "IPv4", UDP_PORT);
  const listener = listenerOf(world, "IPv4", { protocol: "UDP" });
  await ensure(world, [listener]);
  const seen = new Set<string>();
  let left = all;
  while (left.length > 0) {
    const { name } = await local.ask(listener.address, 80);
    assert.ok(!seen.has(name), `${name} left`);
    seen.add(name);
    left = endpointsOf(bed.pods.filter((pod) => !seen.has(pod.name)), "IPv4", UDP_PORT);
    await ensure(world, [{ ...listener, endpoints: left }]);
  }
  assert.equal(seen.size, 4);
}

async function leavesNothing({ bed, plane, nodes }: World): Promise<void> {
  for (const { key } of await plane.list({ signal })) await plane.remove(key, { signal });
  assert.deepEqual(await plane.list({ signal }), []);
  await plane[Symbol.asyncDispose]();
  for (const node of nodes) {
    const left = await bed.inside(node, "nft list tables; ip -br address show dev eth0");
    assert.ok(!left.includes("berth"), left);
    assert.ok(!/\/(32|128)/.test(left), left);
  }
}
