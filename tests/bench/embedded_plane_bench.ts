/** What the embedded plane adds to a request and to a connection; all in one process. */
import { createEmbeddedPlane } from "../../lib/planes/embedded/mod.ts";
import { ownLoopback } from "../fakes/own_loopback.ts";

const backend = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => new Response("hello"),
);
backend.unref();
const direct = { hostname: "127.0.0.1", port: backend.addr.port };
const proxied = { hostname: ownLoopback(20), port: 18_200 };
const endpoints = Array.from({ length: 10 }, () => ({ ...direct, address: direct.hostname }));

const plane = createEmbeddedPlane({ events: { moved: () => {}, broken: () => {} } });
await plane.ensure({
  ...{ key: "bench", addresses: [proxied.hostname], announcers: [] },
  listeners: [{
    ...{ address: proxied.hostname, port: proxied.port, protocol: "TCP", family: "IPv4" },
    ...{ sourceRanges: ["127.0.0.0/8"], closed: false, affinity: "none", endpoints },
  }],
}, { signal: new AbortController().signal });

const question = new TextEncoder().encode("GET / HTTP/1.1\r\nhost: bench\r\n\r\n");
const buffer = new Uint8Array(4_096);

async function ask(connection: Deno.Conn): Promise<void> {
  await connection.write(question);
  if (await connection.read(buffer) === null) throw new Error("no answer");
}

for (const [name, at] of Object.entries({ direct, proxied })) {
  const kept = await Deno.connect(at);
  Deno.bench({
    name: `request on an open connection, ${name}`,
    group: "request",
    baseline: at === direct,
    async fn() {
      await ask(kept);
    },
  });
  Deno.bench({
    name: `connection with one request, ${name}`,
    group: "connection",
    baseline: at === direct,
    async fn() {
      using connection = await Deno.connect(at);
      await ask(connection);
    },
  });
}
