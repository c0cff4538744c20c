import assert from "assert";
import {
  chainName,
  fileWord,
  hash64,
  listenerName,
  portOfListener,
  portOfRoutes,
  routesName,
  statName,
  udpClusterName,
} from "../../../../../lib/planes/envoy/config/names.ts";
import { chainOf, tcpPort, udpPort } from "../../../../fakes/route_parts.ts";

Deno.test("listenerName() tells protocol, port and address, and portOfListener() reads it", () => {
  const name = listenerName(tcpPort([], { port: 443 }), "fc00::1");
  assert.equal(name, "tcp-443-fc00::1");
  assert.equal(portOfListener(name), 443);
  assert.equal(portOfListener("another"), undefined);
});

Deno.test("routesName() differs by chain and by the addresses of the port", () => {
  const chain = chainOf([]);
  const names = [
    routesName(tcpPort([]), chain),
    routesName(tcpPort([]), { ...chain, serverNames: ["a.example"] }),
    routesName(tcpPort([]), { ...chain, name: "other" }),
    routesName(tcpPort([], { port: 81 }), chain),
    routesName(tcpPort([], { addresses: ["172.18.255.1"] }), chain),
  ];
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names.map(portOfRoutes), [80, 80, 80, 81, 80]);
  assert.equal(portOfRoutes("another"), undefined);
});

Deno.test("routesName() is the same for chains of a port that share their rules", () => {
  const serve = { kind: "http", hosts: [], shared: "ingress" } as const;
  const [one, other] = ["a", "b"].map((name) => chainOf([], { name, serverNames: [name], serve }));
  assert.ok(one !== undefined && other !== undefined);
  const [port, secure] = [tcpPort([]), tcpPort([], { port: 443 })];
  assert.equal(routesName(port, one), routesName(port, other));
  assert.notEqual(chainName(port, one), chainName(port, other));
  assert.notEqual(routesName(port, one), routesName(secure, one));
  assert.notEqual(routesName(port, one), routesName(port, chainOf([], { name: "ingress" })));
});

Deno.test("udpClusterName() differs by the addresses of the port", () => {
  assert.equal(udpClusterName(udpPort([])), "berth-udp-53");
  assert.equal(udpClusterName(udpPort([], { addresses: ["::1"] })), "berth-udp-53-::1");
});

Deno.test("fileWord() is readable, safe, and differs where texts differ", () => {
  assert.match(fileWord("shop/Cart:8080"), /^shop-cart-8080-[0-9a-f]{16}$/);
  assert.notEqual(fileWord("shop/cart"), fileWord("shop-cart"));
  assert.ok(fileWord("x".repeat(500)).length < 80);
});

Deno.test("hash64() gives equal texts equal versions", () => {
  assert.equal(hash64("a"), hash64("a"));
  assert.notEqual(hash64("a"), hash64("b"));
});

Deno.test("statName() writes colons as statistics do", () => {
  assert.equal(statName("a:80/b"), "a_80/b");
});
