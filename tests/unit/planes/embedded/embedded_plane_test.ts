import assert from "assert";
import type { Clock } from "../../../../lib/core/mod.ts";
import {
  createEmbeddedPlane,
  type EmbeddedPlaneOptions,
} from "../../../../lib/planes/embedded/mod.ts";
import type { Listener, Protocol } from "../../../../lib/proxy/types.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { openFlow } from "../../../fakes/local_client.ts";
import { hasIpv6, ownLoopback, ownPort } from "../../../fakes/own_loopback.ts";
import { startNamedBackend } from "../../../fakes/named_backend.ts";

const address = ownLoopback(4);
const options = { signal: new AbortController().signal };

function plane(change: Partial<EmbeddedPlaneOptions> & { clock?: Clock } = {}) {
  return createEmbeddedPlane({ events: { moved: () => {}, broken: () => {} }, ...change });
}

function listener(protocol: Protocol, port: number, change: Partial<Listener> = {}): Listener {
  return {
    ...{ address, family: "IPv4", protocol, port },
    ...{ sourceRanges: [], closed: false, affinity: "none", endpoints: [] },
    ...change,
  };
}

function spec(...listeners: readonly Listener[]) {
  return { key: "c/ns/svc", addresses: [address], listeners, announcers: [] };
}

async function ask(port: number, host = address): Promise<string | undefined> {
  await using flow = await openFlow({ protocol: "TCP", address: host, port });
  return await flow.ask();
}

Deno.test("ensure() serves the rest and warns when there is an SCTP port", async () => {
  await using backend = await startNamedBackend("a");
  await using served = plane();
  const endpoints = [backend.endpoint];
  const { warnings } = await served.ensure(
    spec(listener("TCP", 18_100, { endpoints }), listener("SCTP", 18_101, { endpoints })),
    options,
  );
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /^SCTP 127[.\d]+:18101 is not served/);
  assert.equal(await ask(18_100), "a");
});

Deno.test("ensure() binds where mapAddress() says, and tells", async () => {
  await using backend = await startNamedBackend("a");
  await using served = plane({
    mapAddress: ({ port }) => ({ hostname: ownLoopback(6), port: port + 18_000 }),
  });
  const tcp = listener("TCP", 110, { address: "172.18.255.1", endpoints: [backend.endpoint] });
  const { warnings } = await served.ensure(spec(tcp), options);
  assert.deepEqual(warnings, [
    `TCP 172.18.255.1:110 is reached at ${ownLoopback(6)}:18110 on this machine`,
  ]);
  assert.equal(await ask(18_110, ownLoopback(6)), "a");
});

Deno.test("ensure() opens all or nothing, and names every port that failed", async () => {
  await using backend = await startNamedBackend("a");
  await using served = plane();
  const endpoints = [backend.endpoint];
  using _taken = Deno.listen({ hostname: address, port: 18_103 });
  const before = listener("TCP", 18_102, { endpoints });
  await served.ensure(spec(before), options);
  const next = spec(
    ...[listener("TCP", 18_103), listener("UDP", 18_104), listener("TCP", 18_105, { endpoints })],
    listener("TCP", 18_106, { address: "192.0.2.1" }),
  );
  await assert.rejects(served.ensure(next, options), {
    kind: "conflict",
    message: /port 18103 on 127[.\d]+ is in use .*; port 18106 on 192\.0\.2\.1 cannot be bound/,
  });
  assert.equal(await ask(18_102), "a");
  assert.equal(await ask(18_105), undefined);
});

Deno.test("ensure() serves IPv6", { ignore: !hasIpv6() }, async () => {
  const port = ownPort(0);
  await using backend = await startNamedBackend("six", "::1");
  await using served = plane();
  const change = { address: "::1", family: "IPv6", endpoints: [backend.endpoint] } as const;
  const listeners = [listener("TCP", port, change), listener("UDP", port, change)];
  await served.ensure(spec(...listeners), options);
  for (const target of listeners) {
    await using flow = await openFlow(target);
    assert.equal(await flow.ask(), "six");
  }
  const closed = { ...change, sourceRanges: ["fd00::/8"] };
  await served.ensure(spec(listener("TCP", port, closed)), options);
  assert.equal(await ask(port, "::1"), undefined);
});

Deno.test("remove() cuts connections after the drain time", async () => {
  await using backend = await startNamedBackend("a");
  const clock = new FakeClock();
  await using served = plane({ clock, drainMs: 700 });
  const tcp = listener("TCP", 18_107, { endpoints: [backend.endpoint] });
  await served.ensure(spec(tcp), options);
  await using flow = await openFlow(tcp);
  assert.equal(await flow.ask(), "a");
  await served.remove("c/ns/svc", options);
  assert.equal(await flow.ask(), "a");
  await clock.advance(700);
  assert.equal(await flow.ask(), undefined);
});

Deno.test("asyncDispose cuts everything at once, also what drains", async () => {
  await using backend = await startNamedBackend("a");
  const clock = new FakeClock();
  const served = plane({ clock });
  const tcp = listener("TCP", 18_108, { endpoints: [backend.endpoint] });
  await served.ensure(spec(tcp), options);
  await using flow = await openFlow(tcp);
  assert.equal(await flow.ask(), "a");
  await served.remove("c/ns/svc", options);
  await served[Symbol.asyncDispose]();
  assert.equal(await flow.ask(), undefined);
  assert.equal(clock.sleeping, 0);
  assert.deepEqual(await served.list(options), []);
});

Deno.test({
  name: "ensure() needs no more than net permission for loopback",
  permissions: { net: ["127.0.0.0/8"] },
  async fn() {
    await using backend = await startNamedBackend("a");
    await using served = plane();
    const endpoints = [backend.endpoint];
    const udp = listener("UDP", 18_109, { endpoints });
    await served.ensure(spec(listener("TCP", 18_109, { endpoints }), udp), options);
    await using flow = await openFlow(udp);
    assert.deepEqual([await ask(18_109), await flow.ask()], ["a", "a"]);
    const outside = spec(listener("UDP", 18_109, { address: "10.0.0.1" }));
    await assert.rejects(served.ensure(outside, options), { kind: "forbidden" });
  },
});
