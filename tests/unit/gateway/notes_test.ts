import assert from "assert";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

Deno.test("notes() has nothing to say when everything is served", () => {
  const plan = planOf(
    gatewayYaml("{ name: http, port: 80, protocol: HTTP }") +
      objectYaml("HTTPRoute", "r", "{ parentRefs: [{ name: gw }] }"),
  );
  assert.deepEqual(servedAll(plan).notes, []);
});

Deno.test("notes() says of each object what is not served, and what to do", () => {
  const plan = planOf(
    gatewayYaml(
      "{ name: http, port: 80, protocol: HTTP }, { name: odd, port: 1, protocol: ODD }",
      "addresses: [{ value: nonsense }]",
    ) +
      objectYaml("ListenerSet", "set", "{ parentRef: { name: gw }, listeners: [] }") +
      objectYaml(
        "HTTPRoute",
        "r",
        `{ parentRefs: [{ name: gw, port: 9 }],
        rules: [{ backendRefs: [{ name: gone, port: 80 }] }] }`,
      ),
  );
  assert.deepEqual(servedAll(plan).notes, [
    `Gateway infra/gw: "nonsense" is no IP address: write it like 172.18.0.100`,
    `listener "odd" of Gateway infra/gw: protocol "ODD" is not served: choose one of HTTP, HTTPS, ` +
    `TLS, TCP, UDP`,
    "ListenerSet infra/set: the Gateway takes no ListenerSets of namespace infra: allow them in " +
    "its spec.allowedListeners",
    "HTTPRoute infra/r is not served by Gateway gw: no listener of the parent has port 9: correct " +
    "sectionName or port",
    "HTTPRoute infra/r: Service infra/gone does not exist: create it",
  ]);
});

Deno.test("notes() has the proxy's own words when it fails", () => {
  const plan = planOf(gatewayYaml("{ name: http, port: 80, protocol: HTTP }"));
  assert.deepEqual(plan.statuses({ failure: "the engine is down" }).notes, [
    "Gateway infra/gw: the engine is down",
  ]);
});

Deno.test("notes() tells a listener's trouble once, with its name", () => {
  const plan = planOf(gatewayYaml("{ name: odd, port: 1, protocol: ODD }"));
  assert.deepEqual(servedAll(plan).notes, [
    `listener "odd" of Gateway infra/gw: protocol "ODD" is not served: choose one of HTTP, HTTPS, ` +
    `TLS, TCP, UDP`,
  ]);
});
