import assert from "assert";
import { type Clock, systemClock } from "../../../../lib/core/mod.ts";
import { routeOf } from "../../../../lib/planes/embedded/route.ts";
import type { Server } from "../../../../lib/planes/embedded/server.ts";
import { openTcpServer } from "../../../../lib/planes/embedded/tcp_server.ts";
import type { Endpoint } from "../../../../lib/proxy/types.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ownLoopback } from "../../../fakes/own_loopback.ts";
import { startNamedBackend } from "../../../fakes/named_backend.ts";

const at = { hostname: ownLoopback(1), port: 18_090 };

function open(endpoints: readonly Endpoint[], clock: Clock = systemClock): Server {
  return openTcpServer({
    ...{ at, route: route(endpoints), clock, connectTimeoutMs: 1_000, udpIdleMs: 1_000 },
    ...{ udpSessions: 8, stop: new AbortController().signal },
    onBroken: (reason) => {
      throw new Error(reason);
    },
  });
}

async function close(server: Server): Promise<void> {
  await server.free();
  await server.end(0);
}

function route(endpoints: readonly Endpoint[]) {
  return routeOf({
    ...{ address: at.hostname, family: "IPv4", protocol: "TCP", port: at.port },
    ...{ sourceRanges: [], closed: false, affinity: "none", endpoints },
  });
}

async function ask(connection: Deno.Conn): Promise<string> {
  await connection.write(new TextEncoder().encode("who?\n"));
  return await readSome(connection);
}

async function readSome(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(1_024);
  const count = await connection.read(buffer);
  return count === null ? "end" : new TextDecoder().decode(buffer.subarray(0, count)).trim();
}

/** An endpoint that nobody listens on. */
function refusing(): Endpoint {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { address: "127.0.0.1", port: listener.addr.port };
}

Deno.test("openTcpServer() names the remedy when the port is taken", () => {
  using _taken = Deno.listen(at);
  assert.throws(() => open([]), { kind: "conflict", message: /port 18090 on 127\./ });
});

Deno.test("openTcpServer() turns to another endpoint when one refuses", async () => {
  await using backend = await startNamedBackend("alive");
  const server = open([refusing(), refusing(), backend.endpoint]);
  for (let i = 0; i < 10; i++) {
    using client = await Deno.connect(at);
    assert.equal(await ask(client), "alive");
  }
  await close(server);
});

Deno.test("openTcpServer() turns to another endpoint when one does not answer in time", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  const { port } = silent.addr;
  const fill = () => Deno.connect({ hostname: "127.0.0.1", port });
  using _one = await fill();
  using _two = await fill(); // the queue of the listener is full now: no answer to a third
  await using backend = await startNamedBackend("alive");
  const clock = new FakeClock();
  const server = open([{ address: "127.0.0.1", port }], clock);
  using client = await Deno.connect(at);
  const end = readSome(client);
  while (clock.sleeping === 0) await clock.advance(0);
  await clock.advance(1_000);
  assert.equal(await end, "end");
  server.update(route([backend.endpoint]));
  using next = await Deno.connect(at);
  assert.equal(await ask(next), "alive");
  await close(server);
});

Deno.test("openTcpServer() closes at once what no endpoint takes", async () => {
  const server = open([refusing(), refusing()]);
  using client = await Deno.connect(at);
  assert.equal(await readSome(client), "end");
  server.update(route([]));
  using other = await Deno.connect(at);
  assert.equal(await readSome(other), "end");
  await close(server);
});

Deno.test("openTcpServer() passes on half-closes: the answer may follow the end of the question", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = open([{ address: "127.0.0.1", port: listener.addr.port }]);
  using client = await Deno.connect(at);
  await client.write(new TextEncoder().encode("question"));
  await client.closeWrite();
  using backend = await listener.accept();
  assert.deepEqual([await readSome(backend), await readSome(backend)], ["question", "end"]);
  await backend.write(new TextEncoder().encode("answer"));
  await backend.closeWrite();
  assert.deepEqual([await readSome(client), await readSome(client)], ["answer", "end"]);
  await close(server);
});

Deno.test("openTcpServer() carries much in both directions at once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = open([{ address: "127.0.0.1", port: listener.addr.port }]);
  using client = await Deno.connect(at);
  using backend = await listener.accept();
  const part = crypto.getRandomValues(new Uint8Array(60_000));
  const received = Promise.all([receive(backend), receive(client)]);
  await Promise.all([send(client, part, 50), send(backend, part, 50)]);
  const sum = 50 * part.reduce((total, byte) => total + byte, 0);
  assert.deepEqual(await received, [{ count: 3_000_000, sum }, { count: 3_000_000, sum }]);
  await close(server);
});

async function send(to: Deno.TcpConn, part: Uint8Array, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (let sent = 0; sent < part.length;) sent += await to.write(part.subarray(sent));
  }
  await to.closeWrite();
}

async function receive(from: Deno.Conn): Promise<{ count: number; sum: number }> {
  const buffer = new Uint8Array(65_536);
  let [count, sum] = [0, 0];
  for (let got = await from.read(buffer); got !== null; got = await from.read(buffer)) {
    count += got;
    for (const byte of buffer.subarray(0, got)) sum += byte;
  }
  return { count, sum };
}

Deno.test("free() frees the port at once, end() cuts connections after the drain time", async () => {
  await using backend = await startNamedBackend("a");
  const clock = new FakeClock();
  const server = open([backend.endpoint], clock);
  using client = await Deno.connect(at);
  assert.equal(await ask(client), "a");
  await server.free();
  const ended = server.end(500);
  const successor = open([backend.endpoint], clock);
  assert.equal(await ask(client), "a");
  await clock.advance(500);
  await ended;
  assert.equal(await readSome(client), "end");
  assert.equal(clock.sleeping, 0);
  await close(successor);
});
