import assert from "assert";
import { planListeners } from "../../../lib/gateway/listeners.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

function plan(listener: string) {
  const input = gatewayInput(gatewayYaml(`{ name: one, port: 80, ${listener} }`));
  const [one] = planListeners({
    gateway: input.gateway,
    listenerSets: [],
    lookups: lookups(input),
  });
  return one;
}

Deno.test.each([
  { listener: "protocol: HTTP", kinds: "HTTPRoute GRPCRoute", reason: undefined },
  { listener: "protocol: TCP", kinds: "TCPRoute", reason: undefined },
  { listener: "protocol: UDP", kinds: "UDPRoute", reason: undefined },
  {
    listener: "protocol: TLS, tls: { mode: Passthrough }",
    kinds: "TLSRoute",
    reason: undefined,
  },
  { listener: "protocol: INVALID", kinds: "", reason: "UnsupportedProtocol" },
  { listener: "protocol: constructor", kinds: "", reason: "UnsupportedProtocol" },
  {
    listener: "protocol: HTTPS, tls: { mode: Passthrough }",
    kinds: "HTTPRoute GRPCRoute",
    reason: "UnsupportedValue",
  },
])("planListeners() with $listener", ({ listener, kinds, reason }) => {
  const one = plan(listener);
  assert.deepEqual([one?.kinds.join(" "), one?.refused?.reason], [kinds, reason]);
});

Deno.test("planListeners() wants a port", () => {
  const [one] = planListeners({
    ...gatewayInput(gatewayYaml("{ name: one, protocol: HTTP }")),
    listenerSets: [],
    lookups: lookups(gatewayInput(gatewayYaml(""))),
  });
  assert.equal(one?.refused?.reason, "UnsupportedValue");
});

/** GatewayInvalidRouteKind, ListenerSetAllowedRoutesSupportedKinds. */
Deno.test.each([
  { kinds: "[{ kind: HTTPRoute }]", want: "HTTPRoute", reason: undefined },
  { kinds: "[{ kind: InvalidRoute }]", want: "", reason: "InvalidRouteKinds" },
  {
    kinds: "[{ kind: InvalidRoute }, { kind: HTTPRoute }]",
    want: "HTTPRoute",
    reason: "InvalidRouteKinds",
  },
  {
    kinds: "[{ kind: HTTPRoute, group: example.com }]",
    want: "",
    reason: "InvalidRouteKinds",
  },
])("planListeners() with allowedRoutes.kinds $kinds", ({ kinds, want, reason }) => {
  const one = plan(`protocol: HTTP, allowedRoutes: { kinds: ${kinds} }`);
  assert.deepEqual([one?.kinds.join(" "), one?.unresolved?.reason], [want, reason]);
});

Deno.test("planListeners() ignores host names where the protocol has none", () => {
  assert.equal(plan("protocol: TCP, hostname: a.example")?.host, "*");
  assert.equal(plan("protocol: HTTP, hostname: A.Example")?.host, "a.example");
});
