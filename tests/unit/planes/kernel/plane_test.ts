import assert from "assert";
import { createKernelPlane } from "../../../../lib/planes/kernel/plane.ts";
import type { Plane, PlaneNode, Served } from "../../../../lib/planes/types.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";
import { FakeNode } from "../../../fakes/fake_node.ts";
import { endpointAt, listenerWith, specWith } from "../../../fakes/specs.ts";

const { signal } = new AbortController();
const ADDRESS = "172.18.255.1";

class World implements AsyncDisposable {
  readonly clock = new FakeClock(0);
  readonly moved: Served[] = [];
  readonly broken: string[] = [];
  readonly nodes: Readonly<Record<string, FakeNode>>;
  plane: Plane;

  constructor() {
    this.nodes = Object.fromEntries(["a", "b", "c"].map((name, at) => {
      const number = at + 2;
      return [name, new FakeNode({ ipv4: `172.18.0.${number}`, mac: `02:42:ac:12:00:0${number}` })];
    }));
    this.plane = this.newPlane();
  }

  static async up(): Promise<World> {
    const world = new World();
    await world.tellNodes();
    return world;
  }

  newPlane(): Plane {
    return createKernelPlane({
      cluster: "kind",
      clock: this.clock,
      openSession: (container) => this.node(container).open(container),
      events: {
        moved: (served) => this.moved.push(served),
        broken: (keys, reason) => this.broken.push(`${keys.join()}: ${reason}`),
      },
    });
  }

  node(name: string): FakeNode {
    const node = this.nodes[name];
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  tellNodes(down: readonly string[] = []): Promise<void> {
    const all = Object.keys(this.nodes).map((name): PlaneNode => ({
      name,
      container: name,
      up: !down.includes(name),
    }));
    return this.plane.setNodes(all, { signal });
  }

  holders(address = ADDRESS): readonly string[] {
    return Object.keys(this.nodes).filter((name) => this.node(name).addresses.has(address));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plane[Symbol.asyncDispose]();
    assert.equal(this.clock.sleeping, 0);
  }
}

const SPEC = specWith({
  listeners: [
    listenerWith({ endpoints: [endpointAt("10.0.0.1", "a"), endpointAt("10.0.0.2", "b")] }),
  ],
});

Deno.test("KernelPlane.ensure() gives all nodes rules and one the address", async () => {
  await using world = await World.up();
  const served = await world.plane.ensure(SPEC, { signal });
  const [holder] = world.holders();
  assert.deepEqual(served, {
    key: "kind/default/web",
    addresses: [{ address: ADDRESS, node: holder }],
    warnings: [],
  });
  for (const node of Object.values(world.nodes)) {
    assert.equal(node.nft.elements("inet berth", "serve4").size, 1);
    assert.equal(node.nft.elements("netdev berth", "peers").size, 2);
  }
});

Deno.test("KernelPlane.ensure() moves an address without a gap", async () => {
  await using world = await World.up();
  for (const name of ["a", "b", "c", "a"]) {
    const before = world.holders();
    const other = before.find((one) => one !== name);
    if (other !== undefined) world.node(other).pause();
    const ensuring = world.plane.ensure({ ...SPEC, announcers: [name] }, { signal });
    await settle();
    assert.ok(before.every((one) => world.holders().includes(one)));
    if (other !== undefined) world.node(other).resume();
    await ensuring;
    assert.deepEqual(world.holders(), [name]);
  }
});

Deno.test("KernelPlane.ensure() is idempotent and list() tells what is served", async () => {
  await using world = await World.up();
  const served = await world.plane.ensure(SPEC, { signal });
  const before = Object.values(world.nodes).map(({ transactions }) => transactions);
  assert.deepEqual(await world.plane.ensure(SPEC, { signal }), served);
  assert.deepEqual(Object.values(world.nodes).map(({ transactions }) => transactions), before);
  assert.deepEqual(await world.plane.list({ signal }), [served]);
});

Deno.test("KernelPlane.ensure() says why nobody can announce", async () => {
  await using world = await World.up();
  await assert.rejects(world.plane.ensure({ ...SPEC, announcers: [] }, { signal }), {
    kind: "exhausted",
    message: /no node can announce 172\.18\.255\.1 of kind\/default\/web: of its 0 candidates/,
  });
  await world.tellNodes(["c"]);
  await assert.rejects(world.plane.ensure({ ...SPEC, announcers: ["c"] }, { signal }), {
    kind: "exhausted",
  });
});

Deno.test("KernelPlane.remove() leaves nothing behind and takes unknown keys", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  await world.plane.remove("kind/default/other", { signal });
  assert.equal(world.holders().length, 1);
  await world.plane.remove(SPEC.key, { signal });
  for (const node of Object.values(world.nodes)) {
    assert.deepEqual(node.nft.tables, []);
    assert.equal(node.addresses.size, 0);
  }
  assert.deepEqual(await world.plane.list({ signal }), []);
});

Deno.test("KernelPlane forgets UDP flows of endpoints that left, on every node", async () => {
  await using world = await World.up();
  const udp = (count: number) =>
    specWith({
      listeners: [listenerWith({
        protocol: "UDP",
        endpoints: SPEC.listeners[0]?.endpoints.slice(0, count) ?? [],
      })],
    });
  await world.plane.ensure(udp(2), { signal });
  await world.plane.ensure(udp(1), { signal });
  for (const { forgotten } of Object.values(world.nodes)) {
    assert.deepEqual(forgotten, [`${ADDRESS} 80 ${ADDRESS}`, `${ADDRESS} 80 10.0.0.2 8080`]);
  }
});

Deno.test("KernelPlane takes over from a node that dies and gives back when it returns", async () => {
  await using world = await World.up();
  const before = await world.plane.ensure(SPEC, { signal });
  const [holder = ""] = world.holders();
  world.node(holder).kill();
  await settle();
  await world.clock.advance(0);
  const [heir = ""] = world.holders();
  assert.notEqual(heir, "");
  assert.deepEqual(world.moved.at(-1)?.addresses, [{ address: ADDRESS, node: heir }]);
  assert.equal(world.node(heir).announced.length, 1);
  await world.tellNodes([holder]);
  world.node(holder).isUp = true;
  await world.tellNodes();
  assert.deepEqual(world.holders(), [holder]);
  assert.deepEqual(await world.plane.list({ signal }), [before]);
});

Deno.test("KernelPlane serves Pods of nodes that are no containers", async () => {
  await using world = await World.up();
  const nodes = [{ name: "a", up: true, container: "a" }, { name: "b", up: true }];
  await world.plane.setNodes(nodes, { signal });
  const served = await world.plane.ensure(SPEC, { signal });
  assert.deepEqual(served.addresses, [{ address: ADDRESS, node: "a" }]);
  assert.deepEqual(served.warnings, ["node b cannot be used: it is no container of this engine"]);
  const rules = world.node("a").nft.rules(
    "inet berth",
    "serve/kind/default/web/172.18.255.1/tcp/80",
  );
  assert.match(rules?.join() ?? "", /10\.0\.0\.2/);
});

Deno.test("KernelPlane takes over when it is told of a death before the session ends", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  const [holder = ""] = world.holders();
  world.node(holder).pause();
  await world.tellNodes([holder]);
  assert.equal(world.holders().filter((name) => name !== holder).length, 1);
  world.node(holder).resume();
});

Deno.test("KernelPlane changes nothing when only a session breaks", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  const [holder = ""] = world.holders();
  const rules = world.node(holder).nft.json("inet berth");
  world.node(holder).endSessions();
  await settle();
  await settle();
  assert.equal(world.node(holder).sessions, 1);
  assert.deepEqual(world.holders(), [holder]);
  assert.equal(world.node(holder).nft.json("inet berth"), rules);
  assert.deepEqual(world.moved, []);
});

Deno.test("KernelPlane tells keys broken when no announcer is left", async () => {
  await using world = await World.up();
  await world.plane.ensure({ ...SPEC, announcers: ["a"] }, { signal });
  await world.tellNodes(["a"]);
  assert.deepEqual(world.broken, [
    "kind/default/web: no node that may announce their addresses is up",
  ]);
});

Deno.test("KernelPlane mends what others damage", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  const [holder = ""] = world.holders();
  const node = world.node(holder);
  const rules = node.nft.json("inet berth");
  node.nft.apply("delete table inet berth");
  node.addresses.clear();
  node.tell("rules-changed by another process");
  node.tell(`address-gone ${ADDRESS}`);
  await settle();
  await settle();
  assert.equal(node.nft.json("inet berth"), rules);
  assert.deepEqual(world.holders(), [holder]);
});

Deno.test("KernelPlane tells keys broken that it cannot mend", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  const [holder = ""] = world.holders();
  world.node(holder).poison = "serve/";
  world.node(holder).tell("rules-changed by another process");
  await settle();
  await settle();
  assert.match(world.broken[0] ?? "", /^kind\/default\/web: node . refused the change/);
});

Deno.test("KernelPlane tells of a node that refuses, when it does and when it no more does", async () => {
  await using world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  assert.deepEqual(world.moved, []);
  world.node("b").hasNft = false;
  world.node("b").endSessions();
  await settle();
  await settle();
  const refused = world.moved.at(-1);
  assert.match(refused?.warnings.join() ?? "", /^node b cannot be used: /);
  world.node("b").hasNft = true;
  await world.tellNodes(["b"]);
  await world.tellNodes();
  await settle();
  assert.deepEqual(world.moved.at(-1)?.warnings, []);
});

Deno.test("a new KernelPlane takes up what an earlier one left, and changes no rule", async () => {
  await using world = await World.up();
  const served = await world.plane.ensure(SPEC, { signal });
  await world.plane.ensure({ ...SPEC, key: "kind/default/old", ...elsewhere() }, { signal });
  const rules = Object.values(world.nodes).map(({ nft }) => nft.json("inet berth"));
  await world.plane[Symbol.asyncDispose]();
  assert.equal(world.holders().length, 1);

  world.plane = world.newPlane();
  await world.tellNodes();
  const keys = (await world.plane.list({ signal })).map(({ key }) => key);
  assert.deepEqual(keys, ["kind/default/old", "kind/default/web"]);
  assert.deepEqual(await world.plane.ensure(SPEC, { signal }), served);
  assert.deepEqual(Object.values(world.nodes).map(({ nft }) => nft.json("inet berth")), rules);
  await world.plane.remove("kind/default/old", { signal });
  assert.deepEqual(await world.plane.list({ signal }), [served]);
  assert.deepEqual(world.holders("172.18.255.9"), []);
});

function elsewhere() {
  const listeners = [
    listenerWith({ address: "172.18.255.9", endpoints: [endpointAt("10.0.0.9", "c")] }),
  ];
  return { listeners, addresses: ["172.18.255.9"] };
}

Deno.test("KernelPlane gives up old flows of moved slots after their time", async () => {
  await using world = await World.up();
  const one = specWith({ listeners: [listenerWith({ endpoints: [endpointAt("10.0.0.1", "a")] })] });
  await world.plane.ensure(one, { signal });
  await world.plane.ensure(SPEC, { signal });
  const chain = "moved/kind/default/web/172.18.255.1/tcp/80";
  assert.ok(world.node("c").nft.rules("netdev berth", chain));
  await world.clock.advance(3_600_000);
  await settle();
  assert.equal(world.node("c").nft.rules("netdev berth", chain), undefined);
});

Deno.test("KernelPlane ends no traffic when it is disposed", async () => {
  const world = await World.up();
  await world.plane.ensure(SPEC, { signal });
  await world[Symbol.asyncDispose]();
  assert.equal(world.holders().length, 1);
  for (const node of Object.values(world.nodes)) assert.equal(node.sessions, 0);
});

Deno.test("KernelPlane's calls reject when aborted before they begin", async () => {
  await using world = await World.up();
  const aborted = { signal: AbortSignal.abort(new Error("stop")) };
  await assert.rejects(world.plane.ensure(SPEC, aborted), /stop/);
  await assert.rejects(world.plane.remove(SPEC.key, aborted), /stop/);
  assert.throws(() => world.plane.list(aborted), /stop/);
});
