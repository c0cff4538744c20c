import assert from "assert";
import { backendOf, liveShares, usageOf } from "../../../../../lib/planes/envoy/config/usage.ts";
import {
  backendWith,
  forwardTo,
  httpPort,
  rawChain,
  routeSpecWith,
  ruleWith,
  shareOf,
  tcpPort,
  udpPort,
} from "../../../../fakes/route_parts.ts";

Deno.test("usageOf() finds backends of splits, mirrors and chains, not of UDP ports", () => {
  const action = forwardTo({
    split: [shareOf("a"), shareOf("none", { weight: 0 }), { weight: 1, to: { status: 500 } }],
    mirrors: [{ backend: "m", numerator: 1, denominator: 1 }],
  });
  const ports = [
    httpPort([ruleWith({ action }), ruleWith({ action: { kind: "respond", status: 404 } })]),
    tcpPort([rawChain([shareOf("t")])]),
    udpPort([shareOf("u")]),
  ];
  assert.deepEqual([...usageOf(routeSpecWith({ ports })).used].toSorted(), ["a", "m", "t"]);
});

Deno.test("usageOf() finds who is chosen by the client's address", () => {
  const serve = { kind: "tcp", affinity: "client-ip", split: [shareOf("t")] } as const;
  const ports = [tcpPort([rawChain([], { serve })])];
  const backends = [backendWith({ name: "b", affinity: "client-ip" }), backendWith({ name: "t" })];
  const { hashed } = usageOf(routeSpecWith({ ports, backends }));
  assert.deepEqual([...hashed].toSorted(), ["b", "t"]);
});

Deno.test("liveShares() leaves out weight 0, and backendOf() what has no backend", () => {
  const shares = liveShares([shareOf("a", { weight: 0 }), { weight: 1, to: { status: 500 } }]);
  assert.deepEqual(shares.map(backendOf), [undefined]);
});
