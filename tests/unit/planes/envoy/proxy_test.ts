import assert from "assert";
import { type Clock, systemClock } from "../../../../lib/core/mod.ts";
import { Edge } from "../../../../lib/planes/envoy/edge.ts";
import { LogKeeper } from "../../../../lib/planes/envoy/log_keeper.ts";
import { Proxy } from "../../../../lib/planes/envoy/proxy.ts";
import { decodeState } from "../../../../lib/planes/envoy/state.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";
import {
  backendWith,
  forwardTo,
  httpPort,
  routeSpecWith,
  ruleWith,
  shareOf,
} from "../../../fakes/route_parts.ts";

const { signal } = new AbortController();

async function world(clock: Clock = systemClock) {
  const fake = new FakeEdge();
  const { engine } = fake;
  engine.images.add("envoy:1");
  const edge = new Edge({ cluster: "c", engine, clock, broken: () => {} });
  await edge.open();
  const shared = { cluster: "c", engine, clock };
  const options = { ...shared, edge, image: "envoy:1", threads: 1, logs: new LogKeeper(shared) };
  return {
    fake,
    proxy: new Proxy("a1", options),
    /** What the next berth makes of the directory. */
    successor: () => {
      const [, text = ""] = [...fake.files].find(([path]) => path.endsWith("state.json")) ?? [];
      const state = decodeState(text);
      assert.ok(state !== undefined);
      const next = new Proxy("a1", options);
      next.adopt(state, "there");
      return next;
    },
    [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose](),
  };
}

Deno.test("Proxy.start() writes its files before its container starts", async () => {
  await using bed = await world();
  const { fake, proxy } = bed;
  await proxy.start();
  const names = fake.written.map((path) => path.split("/").at(-1));
  assert.deepEqual(names, ["bootstrap.json", "cds.json", "lds.json", "state.json"]);
  assert.deepEqual(await fake.running(), ["berth-c-edge", "berth-c-spare-a1"]);
});

Deno.test("Proxy.apply() writes what changed, in Envoy's order, and takes away what is stale", async () => {
  await using bed = await world();
  const { fake, proxy } = bed;
  await proxy.start();
  await proxy.claim("c/gateway/ns/web", "berth-web");
  const spec = routeSpec("c/gateway/ns/web");
  fake.written.length = 0;
  assert.deepEqual(await proxy.apply(spec, signal), { refused: [], unchanged: false });
  const kinds = fake.written.map((path) => path.split("/").at(-1)?.replace(/-.*json$/, ""));
  assert.deepEqual(kinds.slice(-3), ["rds", "lds.json", "state.json"]);
  assert.deepEqual(await proxy.apply(spec, signal), { refused: [], unchanged: true });
  await proxy.apply({ ...spec, ports: [] }, signal);
  assert.ok(![...fake.files.keys()].some((path) => path.includes("/rds-")));
});

Deno.test("Proxy.apply() writes again what a change that came to nothing has overwritten", async () => {
  await using bed = await world(fastClock(200));
  const { fake, proxy } = bed;
  await proxy.start();
  const [before, after] = ["old.example", "new.example"].map((domain) =>
    routeSpec("c/gateway/ns/web", "172.18.255.1", { domain })
  );
  assert.ok(before !== undefined && after !== undefined);
  await proxy.apply(before, signal);
  fake.idle = true;
  const late = { ...after, addresses: ["172.18.255.2"] };
  await assert.rejects(proxy.apply(late, signal), { kind: "timeout" });
  fake.idle = false;
  assert.equal((await proxy.apply(before, signal)).unchanged, false);
  const texts = [...fake.files].filter(([path]) => /rds-|lds/.test(path)).map(([, text]) => text);
  assert.ok(!texts.some((text) => /new\.example|172\.18\.255\.2/.test(text)));
});

Deno.test("Proxy.apply() forgets no file that is not confirmed, also over a restart", async () => {
  await using bed = await world(fastClock(200));
  const { fake, proxy } = bed;
  await proxy.start();
  const plain = routeSpec("c/gateway/ns/web");
  await proxy.apply(plain, signal);
  fake.idle = true;
  const certificate = { name: "ns/tls", certificate: "public", privateKey: "private" };
  const secure = { ...plain, addresses: ["172.18.255.2"], certificates: [certificate] };
  await assert.rejects(proxy.apply(secure, signal), { kind: "timeout" });
  fake.idle = false;
  const successor = bed.successor();
  await successor.apply(plain, signal);
  assert.ok(![...fake.files.values()].some((text) => text.includes("private")));
});

for (const isAdopted of [false, true]) {
  Deno.test(`Proxy.apply() keeps clusters until no route leads to them${isAdopted ? ", also those of an earlier run" : ""}`, async () => {
    await using bed = await world();
    const { fake, proxy } = bed;
    await proxy.start();
    const lead = (name: string) =>
      routeSpecWith({
        ports: [httpPort([ruleWith({ action: forwardTo({ split: [shareOf(name)] }) })])],
        backends: [backendWith({ name })],
      });
    await proxy.apply(lead("old"), signal);
    const next = isAdopted ? bed.successor() : proxy;
    fake.written.length = 0;
    await next.apply(lead("new"), signal);
    const names = fake.written.map((path) => path.split("/").at(-1)?.replace(/-.*json$/, ""));
    assert.deepEqual(names, [
      ...["state.json", "eds", "cds.json"],
      ...["rds", "cds.json", "state.json"],
    ]);
    const [, clusters = ""] = [...fake.files].find(([path]) => path.endsWith("cds.json")) ?? [];
    assert.doesNotMatch(clusters, /"name":"old"/);
  });
}

Deno.test("Proxy.apply() knows of files that were refused, so that they can be taken away", async () => {
  await using bed = await world();
  const { fake, proxy } = bed;
  await proxy.start();
  const { refused } = await proxy.apply(routeSpec("c/gateway/ns/web", fake.poison), signal);
  assert.deepEqual(refused.map(({ name }) => name), ["lds.json"]);
  const [, state = ""] = [...fake.files].find(([path]) => path.endsWith("state.json")) ?? [];
  assert.equal(decodeState(state)?.files["lds.json"], "");
});

Deno.test("Proxy.claim() writes no byte that is not ASCII", async () => {
  await using bed = await world();
  await bed.proxy.start();
  await bed.proxy.claim("c/gateway/ns/bücher", "berth-books");
  const text = [...bed.fake.files.values()].join("");
  assert.match(text, /b\\u00fccher/);
  assert.doesNotMatch(text, /[\u0080-\uffff]/);
});

Deno.test("Proxy.start() gives up when Envoy never answers", async () => {
  await using bed = await world(fastClock(200));
  bed.fake.silent = true;
  await assert.rejects(bed.proxy.start(), {
    kind: "timeout",
    message: /did not start within 10 s/,
  });
});

Deno.test("Proxy.take() lets one worker alone have it", async () => {
  await using bed = await world();
  await bed.proxy.start();
  assert.deepEqual([await bed.proxy.take(), await bed.proxy.take()], [true, false]);
});

Deno.test("Proxy.connections() sums those of all listeners", async () => {
  await using bed = await world();
  await bed.proxy.start();
  bed.fake.connections = 3;
  assert.equal(await bed.proxy.connections(), 3);
});

Deno.test("Proxy.remove() leaves neither files nor container", async () => {
  await using bed = await world();
  const { fake, proxy } = bed;
  await proxy.start();
  await proxy.remove();
  assert.deepEqual(await fake.made(), ["berth-c-edge"]);
  assert.ok(![...fake.files.keys()].some((path) => path.includes("a1")));
});
