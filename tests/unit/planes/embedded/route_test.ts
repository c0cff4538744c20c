import assert from "assert";
import fc from "fast-check";
import { routeOf } from "../../../../lib/planes/embedded/route.ts";
import type { Endpoint, Listener } from "../../../../lib/proxy/types.ts";

function listener(change: Partial<Listener> = {}): Listener {
  return {
    ...{ address: "127.0.0.1", family: "IPv4", protocol: "TCP", port: 80 },
    ...{ sourceRanges: [], closed: false, affinity: "none", endpoints: [] },
    ...change,
  };
}

function endpoints(count: number): Endpoint[] {
  return Array.from({ length: count }, (_, i) => ({ address: `10.244.1.${i + 2}`, port: 8080 }));
}

const sources = Array.from({ length: 4_000 }, (_, i) => ({
  address: `172.18.${i % 7}.${i % 251}`,
  port: 30_000 + i,
}));

for (
  const [change, address, expected] of [
    [{}, "10.0.0.1", true],
    [{ sourceRanges: ["10.0.0.0/8"] }, "10.0.0.1", true],
    [{ sourceRanges: ["10.0.0.0/8"] }, "11.0.0.1", false],
    [{ sourceRanges: ["11.0.0.0/8", "10.0.0.0/32"] }, "10.0.0.0", true],
    [{ sourceRanges: ["fc00::/7"] }, "fd00::1", true],
    [{ closed: true }, "10.0.0.1", false],
    [{ closed: true, sourceRanges: ["10.0.0.0/8"] }, "10.0.0.1", false],
  ] as const
) {
  Deno.test(`allows() with ${JSON.stringify(change)} for ${address} is ${expected}`, () => {
    assert.equal(routeOf(listener(change)).allows(address), expected);
  });
}

Deno.test("routeOf() refuses a malformed source range", () => {
  assert.throws(() => routeOf(listener({ sourceRanges: ["10.0.0.0"] })), { kind: "invalid" });
});

Deno.test("ranked() gives every endpoint once, in the same order for the same flow", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(fc.property(fc.nat(20), fc.ipV4(), port, (count, address, port) => {
    const route = routeOf(listener({ endpoints: endpoints(count) }));
    const order = [...route.ranked({ address, port })];
    assert.deepEqual([...route.ranked({ address, port })], order);
    assert.deepEqual(order.toSorted(byAddress), endpoints(count).toSorted(byAddress));
  }));
});

Deno.test("ranked() spreads flows evenly", () => {
  const route = routeOf(listener({ endpoints: endpoints(10) }));
  const counts = new Map<string, number>();
  for (const source of sources) {
    const address = first(route.ranked(source));
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  assert.equal(counts.size, 10);
  for (const count of counts.values()) assert.ok(count > 300 && count < 500, `uneven: ${count}`);
});

Deno.test("ranked() moves only the flows of an endpoint that leaves", () => {
  const all = endpoints(10);
  const before = routeOf(listener({ endpoints: all }));
  const after = routeOf(listener({ endpoints: all.slice(1) }));
  for (const source of sources) {
    const old = first(before.ranked(source));
    if (old !== all[0]?.address) assert.equal(first(after.ranked(source)), old);
  }
});

Deno.test("ranked() with client-ip affinity looks at the address alone", () => {
  const route = routeOf(listener({ endpoints: endpoints(10), affinity: "client-ip" }));
  const chosen = new Set(
    sources.map(({ port }) => first(route.ranked({ address: "10.1.1.1", port }))),
  );
  assert.equal(chosen.size, 1);
  assert.equal(new Set(sources.map((source) => first(route.ranked(source)))).size, 10);
});

Deno.test("has() knows the endpoints by address and port", () => {
  const route = routeOf(listener({ endpoints: endpoints(2) }));
  assert.equal(route.has({ address: "10.244.1.2", port: 8080, node: "other" }), true);
  assert.equal(route.has({ address: "10.244.1.2", port: 8081 }), false);
});

function first(ranked: Iterable<Endpoint>): string {
  const [endpoint] = ranked;
  return endpoint?.address ?? "none";
}

function byAddress(a: Endpoint, b: Endpoint): number {
  return a.address < b.address ? -1 : 1;
}
