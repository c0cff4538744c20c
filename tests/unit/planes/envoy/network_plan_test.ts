import assert from "assert";
import {
  bindingsOf,
  routeChanges,
  wantedRoutes,
  withLeavers,
} from "../../../../lib/planes/envoy/network_plan.ts";
import { emptySpec } from "../../../../lib/planes/envoy/proxy.ts";

const node = {
  name: "a",
  up: true,
  addresses: ["172.18.0.2", "fc00::2"],
  podCidrs: ["10.244.0.0/24", "fd00:10::/64"],
};

Deno.test("wantedRoutes() leads to each node's Pods through its address of that family", () => {
  assert.deepEqual([...wantedRoutes([node], [])], [
    ["10.244.0.0/24", "172.18.0.2"],
    ["fd00:10::/64", "fc00::2"],
  ]);
});

Deno.test("wantedRoutes() adds Pods outside of their node's ranges, and no others", () => {
  const endpoint = (address: string, of = "a") => ({ address, port: 80, node: of });
  const bare = { name: "b", up: true, addresses: ["172.18.0.3"] };
  const routes = wantedRoutes([node, bare], [
    endpoint("10.244.0.7"),
    endpoint("192.168.1.7"),
    endpoint("fd99::7"),
    endpoint("172.18.0.2"),
    endpoint("10.1.1.1", "b"),
    endpoint("fd99::8", "b"),
    endpoint("10.1.1.2", "unknown"),
    { address: "10.1.1.3", port: 80 },
  ]);
  assert.deepEqual([...routes].slice(2), [
    ["192.168.1.7/32", "172.18.0.2"],
    ["fd99::7/128", "fc00::2"],
    ["10.1.1.1/32", "172.18.0.3"],
  ]);
});

Deno.test("withLeavers() keeps routes to single Pods of nodes that are there, the newest of them", () => {
  const held = new Map([
    ["10.244.9.0/24", "172.18.0.2"],
    ["192.168.1.7/32", "172.18.0.2"],
    ["192.168.1.8/32", "172.18.0.2"],
    ["192.168.1.9/32", "172.18.0.9"],
    ["fd99::7/128", "fc00::2"],
    ["10.244.0.7/32", "172.18.0.2"],
  ]);
  const endpoints = [{ address: "10.244.0.7", port: 80, node: "b" }];
  const wanted = new Map([["10.244.0.0/24", "172.18.0.2"], ["192.168.1.8/32", "172.18.0.3"]]);
  assert.deepEqual([...withLeavers(held, { wanted, nodes: [node], endpoints })], [
    ["192.168.1.7/32", "172.18.0.2"],
    ["fd99::7/128", "fc00::2"],
    ["10.244.0.0/24", "172.18.0.2"],
    ["192.168.1.8/32", "172.18.0.3"],
  ]);
  const many = Array.from({ length: 300 }, (_, at) => [`10.1.${at >> 8}.${at & 255}/32`] as const);
  const full = new Map(many.map(([to]) => [to, "172.18.0.2"]));
  const nothing = { wanted: new Map(), nodes: [node], endpoints: [] };
  const kept = [...withLeavers(full, nothing).keys()];
  assert.deepEqual(kept, many.slice(-100).map(([to]) => to));
});

Deno.test("routeChanges() names what differs", () => {
  const held = new Map([["10.0.0.0/24", "1.1.1.1"], ["10.0.1.0/24", "1.1.1.2"], [
    "fd00::/64",
    "fc00::1",
  ]]);
  const wanted = new Map([["10.0.0.0/24", "1.1.1.1"], ["10.0.1.0/24", "1.1.1.3"]]);
  assert.deepEqual(routeChanges(held, wanted), {
    add: ["-4 route replace 10.0.1.0/24 via 1.1.1.3 proto 187"],
    drop: ["-6 route del fd00::/64 via fc00::1 proto 187"],
  });
  assert.deepEqual(routeChanges(wanted, wanted), { add: [], drop: [] });
});

Deno.test("bindingsOf() takes each port on its own addresses", () => {
  const tcp = { protocol: "TCP", port: 80, sourceRanges: [], chains: [] } as const;
  const spec = {
    ...emptySpec("k"),
    addresses: ["1.1.1.1", "1.1.1.2"],
    ports: [tcp, { ...tcp, port: 81, addresses: ["1.1.1.2"] }],
  };
  assert.deepEqual(bindingsOf(spec), ["1.1.1.1 TCP/80", "1.1.1.2 TCP/80", "1.1.1.2 TCP/81"]);
});
