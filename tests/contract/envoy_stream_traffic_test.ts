import assert from "assert";
import { connect } from "node:net";
import { serviceRoutes } from "../../lib/planes/envoy/config/mod.ts";
import { forwardTo, rawChain, ruleWith, shareOf, tcpPort, udpPort } from "../fakes/route_parts.ts";
import { listenerWith, specWith } from "../fakes/specs.ts";
import { type Backend, httpBackend, tcpBackend, udpBackend } from "./envoy/backends.ts";
import { ask, datagram, say, sayOn, seenBy, tally } from "./envoy/clients.ts";
import { served, withTraffic } from "./envoy/traffic_bed.ts";

const missing = { weight: 1, to: { status: 500 } } as const;

async function times<T>(count: number, once: () => Promise<T>): Promise<readonly T[]> {
  const found: T[] = [];
  while (found.length < count) found.push(await once());
  return found;
}

withTraffic("splits connections by weight, and resets the part of what is missing", async (bed) => {
  await using a = tcpBackend("a");
  await using b = tcpBackend("b");
  const split = [shareOf("a", { weight: 2 }), shareOf("b"), shareOf("b", { weight: 0 }), missing];
  await bed.load({
    ports: [tcpPort([rawChain(split)], { port: bed.port })],
    backends: [a, b].map((one) => served([one], { protocol: "tcp" })),
  });
  const counts = tally((await times(160, () => say(bed.port))).map((seen) => seen?.backend));
  assert.deepEqual([...counts.keys()].toSorted(), ["a", "b", undefined]);
  const first = counts.get("a") ?? 0;
  assert.ok(first > 50 && first < 110, `${first} of 160 for a half`);
});

withTraffic("lets only the source ranges connect", async (bed) => {
  await using a = tcpBackend("a");
  for (const [range, backend] of [["127.0.0.0/8", "a"], ["10.0.0.0/8", undefined]] as const) {
    await bed.load({
      ports: [tcpPort([rawChain([shareOf("a")])], { port: bed.port, sourceRanges: [range] })],
      backends: [served([a], { protocol: "tcp" })],
    });
    assert.equal((await say(bed.port))?.backend, backend, range);
  }
});

const heads = [
  ["v1", /^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\nhello$/],
  // deno-lint-ignore no-control-regex -- that is what the protocol's second version begins with
  ["v2", /^\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01[^]{4}hello$/],
] as const;

for (const [proxyProtocol, head] of heads) {
  withTraffic(`tells backends who the client is: PROXY protocol ${proxyProtocol}`, async (bed) => {
    await using a = tcpBackend("a");
    await bed.load({
      ports: [tcpPort([rawChain([shareOf("a")])], { port: bed.port })],
      backends: [served([a], { protocol: "tcp", proxyProtocol })],
    });
    assert.match((await say(bed.port))?.text ?? "", head);
  });
}

withTraffic("keeps clients on one endpoint, for TCP and UDP", async (bed) => {
  await using tcp = await both((name) => Promise.resolve(tcpBackend(name)));
  await using udp = await both(udpBackend);
  const split = [shareOf("tcp")];
  const serve = { kind: "tcp", affinity: "client-ip", split } as const;
  await bed.load({
    ports: [
      tcpPort([rawChain([], { serve })], { port: bed.port }),
      udpPort([shareOf("udp")], { port: bed.port, affinity: "client-ip" }),
    ],
    backends: [
      served(tcp.backends, { protocol: "tcp", name: "tcp" }),
      served(udp.backends, { protocol: "udp", name: "udp" }),
    ],
  });
  const connections = await times(8, () => say(bed.port));
  assert.equal(tally(connections.map((seen) => seen?.backend)).size, 1);
  assert.equal(tally(await times(8, () => datagram(bed.port))).size, 1);
});

withTraffic("splits datagrams by weight, and drops the part of what is missing", async (bed) => {
  await using a = await udpBackend("a");
  await using b = await udpBackend("b");
  await bed.load({
    ports: [udpPort([shareOf("a", { weight: 3 }), shareOf("b")], { port: bed.port })],
    backends: [a, b].map((one) => served([one], { protocol: "udp" })),
  });
  const counts = tally(await times(80, () => datagram(bed.port)));
  assert.deepEqual([...counts.keys()].toSorted(), ["a", "b"]);
  const first = counts.get("a") ?? 0;
  assert.ok(first > 45 && first < 75, `${first} of 80 for three quarters`);
  await bed.load({
    ports: [udpPort([shareOf("a"), missing], { port: bed.port })],
    backends: [served([a], { protocol: "udp" })],
  });
  const part = tally(await times(8, () => datagram(bed.port)));
  assert.ok((part.get("a") ?? 0) > 0 && (part.get(undefined) ?? 0) > 0);
});

withTraffic("drops datagrams from outside of the source ranges", async (bed) => {
  await using a = await udpBackend("a");
  for (const [range, answer] of [["127.0.0.0/8", "a"], ["10.0.0.0/8", undefined]] as const) {
    await bed.load({
      ports: [udpPort([shareOf("a")], { port: bed.port, sourceRanges: [range] })],
      backends: [served([a], { protocol: "udp" })],
    });
    assert.equal(await datagram(bed.port), answer, range);
  }
});

withTraffic("carries a Service, and refuses where nobody answers", async (bed) => {
  await using tcp = tcpBackend("tcp");
  await using udp = await udpBackend("udp");
  const listener = { address: "127.0.0.1", port: bed.port };
  const spec = (tcps: readonly Backend[]) =>
    serviceRoutes(specWith({
      listeners: [
        listenerWith({ ...listener, endpoints: tcps.map(({ endpoint }) => endpoint) }),
        listenerWith({ ...listener, protocol: "UDP", endpoints: [udp.endpoint] }),
        listenerWith({ address: "::1", family: "IPv6", port: bed.port, endpoints: [tcp.endpoint] }),
      ],
    }));
  await bed.load(spec([tcp]));
  assert.equal((await say(bed.port))?.backend, "tcp");
  assert.equal((await say(bed.port, "::1"))?.backend, "tcp");
  assert.equal(await datagram(bed.port), "udp");
  await bed.load(spec([]));
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: bed.port }));
  assert.equal((await say(bed.port, "::1"))?.backend, "tcp");
});

withTraffic("leaves connections alone when routes and endpoints change", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  await using raw = tcpBackend("raw");
  const rules = (name: string) => [ruleWith({ action: forwardTo({ split: [shareOf(name)] }) })];
  await bed.serve(rules("a"), [served([a]), served([b])]);
  const keptAlive = connect({ host: "127.0.0.1", port: bed.port });
  const words = keptAlive.setEncoding("utf8")[Symbol.asyncIterator]();
  const get = async () => {
    keptAlive.write("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
    return String((await words.next()).value);
  };
  assert.match(await get(), /"backend":"a"/);
  await bed.serve(rules("b"), [served([a]), served([b])]);
  assert.match(await get(), /"backend":"b"/);
  await bed.serve(rules("b"), [served([a]), served([a], { name: "b" })]);
  assert.match(await get(), /"backend":"a"/);
  keptAlive.destroy();
  const before = tcpPort([rawChain([shareOf("raw")])], { port: bed.port });
  await bed.load({ ports: [before], backends: [served([raw], { protocol: "tcp" })] });
  const waiting = await Deno.connect({ hostname: "127.0.0.1", port: bed.port });
  await bed.load({ ports: [before], backends: [served([raw, a], { protocol: "tcp" })] });
  assert.ok((await sayOn(waiting)) !== undefined);
});

withTraffic("follows polled files too", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  await bed.serve([ruleWith({ action: forwardTo({ split: [shareOf("a")] }) })], [served([a])]);
  assert.equal(seenBy(await ask(bed.port)).backend, "a");
  await bed.serve([ruleWith({ action: forwardTo({ split: [shareOf("b")] }) })], [served([b])]);
  assert.equal(seenBy(await ask(bed.port)).backend, "b");
}, { watches: 2 });

async function both(start: (name: string) => Promise<Backend>) {
  const backends = [await start("one"), await start("other")];
  return {
    backends,
    async [Symbol.asyncDispose]() {
      for (const backend of backends) await backend[Symbol.asyncDispose]();
    },
  };
}
