import assert from "assert";
import dgram from "node:dgram";
import { routeOf } from "../../../../lib/planes/embedded/route.ts";
import type { Server } from "../../../../lib/planes/embedded/server.ts";
import { openUdpServer } from "../../../../lib/planes/embedded/udp_server.ts";
import type { Endpoint, Listener } from "../../../../lib/proxy/types.ts";
import { ownLoopback } from "../../../fakes/own_loopback.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const at = { hostname: ownLoopback(3), port: 18_055 };

function route(endpoints: readonly Endpoint[], change: Partial<Listener> = {}) {
  return routeOf({
    ...{ address: at.hostname, family: "IPv4", protocol: "UDP", port: at.port },
    ...{ sourceRanges: [], closed: false, affinity: "none", endpoints },
    ...change,
  });
}

function open(clock: FakeClock, endpoints: readonly Endpoint[]): Promise<Server> {
  return openUdpServer({
    ...{ at, route: route(endpoints), clock, connectTimeoutMs: 1_000, udpIdleMs: 60_000 },
    ...{ udpSessions: 8, stop: new AbortController().signal },
    onBroken: (reason) => {
      throw new Error(reason);
    },
  });
}

/** A socket whose messages can be awaited in turn. */
async function socketAt(address: string) {
  const socket = dgram.createSocket("udp4");
  const inbox: { text: string; port: number }[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.on("message", (data, { port }) => {
    inbox.push({ text: new TextDecoder().decode(data), port });
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return {
    ...{ address, port: socket.address().port, inbox },
    send: (text: string, port: number, to: string) => socket.send(text, port, to),
    async next() {
      while (inbox.length === 0) await arrived.promise;
      return inbox.shift() ?? { text: "", port: 0 };
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

type Peer = Awaited<ReturnType<typeof socketAt>>;

/** Sends through the proxy; the port from which the backend sees it. */
async function pass(client: Peer, backend: Peer, text = "x"): Promise<number> {
  client.send(text, at.port, at.hostname);
  const seen = await backend.next();
  assert.equal(seen.text, text);
  return seen.port;
}

Deno.test("openUdpServer() keeps clients apart and answers from its own address", async () => {
  await using backend = await socketAt("127.0.0.1");
  await using one = await socketAt("127.0.0.1");
  await using two = await socketAt("127.0.0.1");
  const server = await open(new FakeClock(), [backend]);
  const [first, second] = [await pass(one, backend, "1"), await pass(two, backend, "2")];
  assert.notEqual(first, second);
  assert.equal(await pass(one, backend), first);
  backend.send("for two", second, "127.0.0.1");
  backend.send("for one", first, "127.0.0.1");
  assert.deepEqual(await one.next(), { text: "for one", port: at.port });
  assert.deepEqual(await two.next(), { text: "for two", port: at.port });
  await server.free();
});

Deno.test("openUdpServer() passes on nothing but the endpoint's own answers", async () => {
  await using backend = await socketAt("127.0.0.1");
  await using client = await socketAt("127.0.0.1");
  await using stranger = await socketAt("127.0.0.1");
  const server = await open(new FakeClock(), [backend]);
  const port = await pass(client, backend);
  stranger.send("forged", port, "127.0.0.1");
  backend.send("true", port, "127.0.0.1");
  assert.equal((await client.next()).text, "true");
  assert.deepEqual(client.inbox, []);
  await server.free();
});

Deno.test("openUdpServer() ends sessions that are silent for the idle time, no sooner", async () => {
  await using backend = await socketAt("127.0.0.1");
  await using client = await socketAt("127.0.0.1");
  const clock = new FakeClock();
  const server = await open(clock, [backend]);
  const first = await pass(client, backend);
  assert.equal(clock.sleeping, 1);
  await clock.advance(50_000);
  assert.equal(await pass(client, backend), first);
  await clock.advance(59_000);
  backend.send("still here", first, "127.0.0.1"); // answers keep a session, too
  await client.next();
  await clock.advance(59_000);
  assert.equal(await pass(client, backend), first);
  await clock.advance(60_000);
  assert.equal(clock.sleeping, 0);
  assert.notEqual(await pass(client, backend), first);
  await server.free();
  assert.equal(clock.sleeping, 0);
});

Deno.test("update() moves the sessions of an endpoint that left, and ends those of closed sources", async () => {
  await using old = await socketAt("127.0.0.1");
  await using fresh = await socketAt("127.0.0.1");
  await using client = await socketAt("127.0.0.1");
  const server = await open(new FakeClock(), [old]);
  const port = await pass(client, old);
  server.update(route([old]));
  assert.equal(await pass(client, old), port);
  server.update(route([fresh]));
  await pass(client, fresh);
  server.update(route([fresh], { sourceRanges: ["10.0.0.0/8"] }));
  client.send("dropped", at.port, at.hostname);
  server.update(route([fresh]));
  await pass(client, fresh, "after");
  assert.deepEqual(old.inbox, []);
  await server.free();
});

Deno.test("openUdpServer() ends the most silent session when there are too many", async () => {
  await using backend = await socketAt("127.0.0.1");
  await using first = await socketAt("127.0.0.1");
  const clock = new FakeClock();
  const server = await open(clock, [backend]);
  const port = await pass(first, backend);
  await clock.advance(1);
  for (let i = 2; i < 10; i++) {
    await using client = await socketAt(`127.0.0.${i}`);
    await pass(client, backend);
  }
  assert.notEqual(await pass(first, backend), port);
  await server.free();
});
