import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import {
  createEnvoyPlane,
  ENVOY_IMAGE,
  type EnvoyPlaneOptions,
} from "../../../../lib/planes/envoy/mod.ts";
import type { PlaneEvents, RoutePlane } from "../../../../lib/planes/types.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

const options = { signal: new AbortController().signal };
const nodes = [{
  name: "c-control-plane",
  up: true,
  addresses: ["172.18.0.2"],
  podCidrs: ["10.244.0.0/24"],
}];

/** Disposes of plane and engine whatever happens. */
class World implements AsyncDisposable {
  readonly edge = new FakeEdge();
  readonly told: string[] = [];
  /** Files of logs, as the plane wrote them. */
  readonly logs = new Map<string, string>();
  plane: RoutePlane = this.open();

  open(change: Partial<EnvoyPlaneOptions> = {}): RoutePlane {
    const events: PlaneEvents = {
      moved: ({ key }) => void this.told.push(`moved ${key}`),
      broken: (keys, reason) => void this.told.push(`broken ${keys}: ${reason}`),
    };
    const { engine } = this.edge;
    this.plane = createEnvoyPlane({ cluster: "c", engine, events, clock: systemClock, ...change });
    return this.plane;
  }

  /** Opens a plane that keeps logs. */
  openWithLogs(change: Partial<EnvoyPlaneOptions> = {}): RoutePlane {
    const write = (path: string, content: Uint8Array) => {
      this.logs.set(path, new TextDecoder().decode(content));
      return Promise.resolve();
    };
    return this.open({ ...change, logs: { directory: "logs", write } });
  }

  /** The kept logs, with the names of their containers instead of paths. */
  get kept(): readonly string[] {
    const named = [...this.logs].map(([path, text]) => {
      const [, name] = /^logs\/(.+)-\d{8}T\d{6}\.\d{3}Z\.log$/.exec(path) ?? [];
      return `${name}: ${text}`;
    });
    return named.toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plane[Symbol.asyncDispose]();
    await this.edge.engine[Symbol.asyncDispose]();
  }

  /** Waits for what goes on beside the calls. */
  async until(holds: () => Promise<boolean> | boolean): Promise<void> {
    const end = Date.now() + 5_000;
    while (!(await holds())) {
      if (Date.now() > end) assert.fail("waited in vain");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

Deno.test("ensureRoutes() makes edge and proxy, brings the address and leaves a spare", async () => {
  await using world = new World();
  const { edge, plane } = world;
  assert.deepEqual(await plane.list(options), []);
  assert.deepEqual(await edge.made(), []);
  await plane.setNodes(nodes, options);
  const served = await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.deepEqual(served, {
    key: "c/gateway/ns/web",
    addresses: [{ address: "172.18.255.1" }],
    published: [],
    refused: [],
    warnings: [],
  });
  assert.deepEqual([...edge.addresses], ["172.18.255.1"]);
  assert.deepEqual(edge.announced, ["172.18.255.1"]);
  assert.deepEqual([...edge.routes], [["10.244.0.0/24", "172.18.0.2"]]);
  await world.until(async () => (await edge.running()).length === 3);
  const [main, proxy, spare] = await edge.running();
  assert.deepEqual([main, proxy], ["berth-c-edge", "berth-c-gateway-ns-web"]);
  assert.match(spare ?? "", /^berth-c-spare-/);
  assert.ok(edge.engine.images.has(ENVOY_IMAGE));
  assert.deepEqual((await plane.list(options)).map(({ key }) => key), ["c/gateway/ns/web"]);
});

Deno.test("the proxy's container has no right that it does not need", async () => {
  await using world = new World();
  await world.plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  const { engine } = world.edge;
  const proxy = engine.planOf("berth-c-gateway-ns-web");
  const edge = engine.planOf("berth-c-edge");
  assert.match(proxy?.user ?? "", /^[1-5]\d{4}:101$/);
  assert.equal(proxy?.capabilities, undefined);
  assert.equal(proxy?.network.kind, "joined");
  assert.deepEqual(proxy?.mounts?.map(({ target, readOnly = false }) => [target, readOnly]), [
    ["/etc/envoy", true],
    ["/run/envoy", false],
  ]);
  assert.equal(edge?.image, "node:1");
  assert.deepEqual(edge?.capabilities, ["NET_ADMIN", "NET_RAW", "CHOWN"]);
});

Deno.test("ensureRoutes() takes the spare, and writes nothing for an unchanged spec", async () => {
  await using world = new World();
  const { edge } = world;
  const plane = world.open({ warm: true });
  await plane.setNodes(nodes, options);
  await world.until(async () => (await edge.running()).length === 2);
  const spare = (await edge.running())[1] ?? "";
  const [{ id } = { id: "" }] = (await edge.engine.containers({ labels: [] }))
    .filter(({ name }) => name === spare);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  const found = await edge.engine.containers({ labels: ["berth.dev/role=proxy"] });
  assert.equal(found.find((one) => one.id === id)?.name, "berth-c-gateway-ns-web");
  await world.until(async () => (await edge.running()).length === 3);
  const before = edge.written.length;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.equal(edge.written.length, before);
  await plane.ensureRoutes(
    routeSpec("c/gateway/ns/web", "172.18.255.1", { domain: "a.b" }),
    options,
  );
  assert.ok(edge.written.length > before);
});

Deno.test("ensureRoutes() reports what Envoy refused, and tries it again", async () => {
  await using world = new World();
  const { edge, plane } = world;
  edge.poison = "tcp-81-";
  const bad = routeSpec("c/gateway/ns/web", "172.18.255.1", { port: 81 });
  for (let i = 0; i < 2; i++) {
    const { refused } = await plane.ensureRoutes(bad, options);
    assert.deepEqual(refused, [{ port: 81, message: "refused tcp-81-172.18.255.1" }]);
  }
  assert.deepEqual((await plane.ensureRoutes(routeSpec(bad.key), options)).refused, []);
});

Deno.test("ensureRoutes() refuses a port that another key has on the address", async () => {
  await using world = new World();
  const { plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/one"), options);
  await assert.rejects(plane.ensureRoutes(routeSpec("c/gateway/ns/two"), options), {
    kind: "conflict",
    message: /172\.18\.255\.1 TCP\/80 .* belongs to c\/gateway\/ns\/one/,
  });
  const other = routeSpec("c/gateway/ns/two", "172.18.255.1", { port: 81 });
  await plane.ensureRoutes(other, options);
  await plane.remove("c/gateway/ns/one", options);
  assert.deepEqual([...world.edge.addresses], ["172.18.255.1"]);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/two"), options);
});

Deno.test("ensureRoutes() with another address moves it", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/one"), options);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/one", "172.18.255.2"), options);
  assert.deepEqual([...edge.addresses], ["172.18.255.2"]);
});

Deno.test("remove() takes everything away; disposing then leaves nothing behind", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.remove("c/gateway/ns/never", options);
  assert.deepEqual(await edge.made(), []);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  for (let i = 0; i < 2; i++) await plane.remove("c/gateway/ns/web", options);
  assert.deepEqual([...edge.addresses], []);
  assert.deepEqual(await plane.list(options), []);
  await plane[Symbol.asyncDispose]();
  assert.deepEqual(await edge.made(), []);
  assert.deepEqual(await edge.engine.volumes({ labels: [] }), []);
});

Deno.test("another run adopts what serves, and writes nothing that is there", async () => {
  await using world = new World();
  const { edge } = world;
  await world.plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 3);
  await world.plane[Symbol.asyncDispose]();
  const before = await edge.running();
  assert.equal(before.length, 3);
  const plane = world.open();
  assert.deepEqual((await plane.list(options)).map(({ key, addresses }) => [key, addresses]), [
    ["c/gateway/ns/web", [{ address: "172.18.255.1" }]],
  ]);
  const written = edge.written.length;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.equal(edge.written.length, written);
  assert.deepEqual(await edge.running(), before);
});

Deno.test("disposing leaves nothing behind of a cluster whose nodes are gone", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  edge.engine.remove("c-control-plane");
  await plane[Symbol.asyncDispose]();
  assert.deepEqual(await edge.made(), []);
});

Deno.test("disposing removes nothing when the engine does not answer", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 3);
  edge.engine.failure = new Error("no answer");
  await plane[Symbol.asyncDispose]();
  edge.engine.failure = undefined;
  assert.equal((await edge.running()).length, 3);
});

Deno.test("a proxy that ends is started again, one that was removed is made again", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 3);
  const runs = async () => (await edge.running()).includes("berth-c-gateway-ns-web");
  edge.engine.stop("berth-c-gateway-ns-web");
  await world.until(runs);
  edge.engine.remove("berth-c-gateway-ns-web");
  await world.until(runs);
  assert.deepEqual(world.told, []);
});

Deno.test("a proxy that could not be started again is not told to serve, and started by the next call", async () => {
  await using world = new World();
  const { edge, plane } = world;
  const spec = routeSpec("c/gateway/ns/web");
  await plane.ensureRoutes(spec, options);
  await world.until(async () => (await edge.running()).length === 3);
  edge.engine.unable = "startContainer";
  edge.engine.stop("berth-c-gateway-ns-web");
  await world.until(() => world.told.length > 0);
  assert.match(world.told[0] ?? "", /^broken c\/gateway\/ns\/web: its proxy does not start: /);
  await assert.rejects(plane.ensureRoutes(spec, options), /startContainer failed/);
  edge.engine.unable = "";
  await plane.ensureRoutes(spec, options);
  const serving = (await edge.running()).filter((name) => name.startsWith("berth-c-gateway"));
  assert.equal(serving.length, 1);
});

Deno.test("another run tells that a proxy does not start which it found dead", async () => {
  await using world = new World();
  const { edge, plane } = world;
  const spec = routeSpec("c/gateway/ns/web");
  await plane.ensureRoutes(spec, options);
  await world.until(async () => (await edge.running()).length === 3);
  await plane[Symbol.asyncDispose]();
  edge.engine.stop("berth-c-gateway-ns-web");
  edge.engine.unable = "startContainer";
  const next = world.open();
  await assert.rejects(next.ensureRoutes(spec, options), /startContainer failed/);
  edge.engine.unable = "";
  await next.ensureRoutes(spec, options);
  const serving = (await edge.running()).filter((name) => name.startsWith("berth-c-gateway"));
  assert.equal(serving.length, 1);
});

Deno.test("a spare that ends is replaced", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  const spares = async () => (await edge.running()).filter((name) => name.includes("spare"));
  await world.until(async () => (await spares()).length === 1);
  const [first = ""] = await spares();
  edge.engine.remove(first);
  await world.until(async () => (await spares()).some((name) => name !== first));
});

Deno.test("an edge that is gone is made again with all that it carried", async () => {
  await using world = new World();
  const { edge, plane } = world;
  await plane.setNodes(nodes, options);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 3);
  edge.engine.remove("berth-c-edge");
  await world.until(() =>
    edge.fileOf("c/gateway/ns/web", "lds.json")?.includes("tcp-80-") === true
  );
  await world.until(async () => (await edge.running()).length === 3);
  assert.deepEqual([...edge.addresses], ["172.18.255.1"]);
  assert.deepEqual([...edge.routes], [["10.244.0.0/24", "172.18.0.2"]]);
  assert.deepEqual(world.told, []);
});

Deno.test("ports are published where that is asked for, also after a restart", async () => {
  await using world = new World();
  const { edge } = world;
  const published = [{ port: 80, protocol: "TCP", hostAddress: "0.0.0.0", hostPort: 80 }];
  for (let run = 0; run < 2; run++) {
    await world.plane[Symbol.asyncDispose]();
    const plane = world.open({ publish: true });
    const served = await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
    assert.deepEqual(served.published, published);
    assert.deepEqual((await plane.list(options)).map(({ key }) => key), ["c/gateway/ns/web"]);
  }
  const containers = async () => (await edge.made()).filter((name) => name.endsWith("published"));
  assert.equal((await containers()).length, 1);
  await world.plane.remove("c/gateway/ns/web", options);
  assert.deepEqual(await containers(), []);
});

Deno.test("published ports that are lost make the key be served again", async () => {
  await using world = new World();
  const { edge } = world;
  const plane = world.open({ publish: true });
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  edge.engine.remove("berth-c-gateway-ns-web-published");
  await world.until(() => world.told.length > 0);
  assert.deepEqual(world.told, ["broken c/gateway/ns/web: its published ports were lost"]);
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.ok((await edge.running()).includes("berth-c-gateway-ns-web-published"));
});

Deno.test("config() shows what a proxy runs, without keys", async () => {
  await using world = new World();
  const { plane } = world;
  await assert.rejects(plane.config("c/gateway/ns/web", options), { kind: "not-found" });
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  const text = JSON.stringify(await plane.config("c/gateway/ns/web", options));
  assert.match(text, /tcp-80-172\.18\.255\.1/);
  assert.match(text, /"private_key":"\[redacted\]"/);
});

Deno.test("logs of proxies that are removed are kept, those of spare and edge are not", async () => {
  await using world = new World();
  const { edge } = world;
  const plane = world.openWithLogs({ publish: true });
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 4);
  for (const name of await edge.running()) edge.engine.print(name, `said by ${name}`);
  await plane.remove("c/gateway/ns/web", options);
  await plane[Symbol.asyncDispose]();
  assert.deepEqual(await edge.made(), []);
  assert.deepEqual(world.kept, [
    "berth-c-gateway-ns-web-published: said by berth-c-gateway-ns-web-published",
    "berth-c-gateway-ns-web: said by berth-c-gateway-ns-web",
  ]);
});

Deno.test("the log of a proxy that ended is kept, in one file however often it ends", async () => {
  await using world = new World();
  const { edge } = world;
  const plane = world.openWithLogs();
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  for (const text of ["first\n", "second\n"]) {
    edge.engine.print("berth-c-gateway-ns-web", text);
    edge.engine.stop("berth-c-gateway-ns-web");
    await world.until(() => [...world.logs.values()].join().endsWith(text));
    await world.until(async () => (await edge.running()).includes("berth-c-gateway-ns-web"));
  }
  assert.deepEqual(world.kept, ["berth-c-gateway-ns-web: first\nsecond\n"]);
});

Deno.test("logs of proxies are kept that lost their edge, or their cluster", async () => {
  await using world = new World();
  const { edge } = world;
  await world.plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  await world.until(async () => (await edge.running()).length === 3);
  await world.plane[Symbol.asyncDispose]();
  edge.engine.print("berth-c-gateway-ns-web", "one");
  edge.engine.remove("berth-c-edge");
  await world.openWithLogs().ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.deepEqual(world.kept, ["berth-c-gateway-ns-web: one"]);
  await world.until(async () => (await edge.running()).length === 3);
  edge.engine.print("berth-c-gateway-ns-web", "two");
  edge.engine.remove("c-control-plane");
  await world.plane[Symbol.asyncDispose]();
  assert.deepEqual(world.kept, ["berth-c-gateway-ns-web: one", "berth-c-gateway-ns-web: two"]);
});
