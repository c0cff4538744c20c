import assert from "assert";
import { gatewayKey } from "../../../lib/gateway/plan.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

const HTTP = "{ name: http, port: 80, protocol: HTTP }";

Deno.test("planGateway() tells what objects made for the Gateway carry", () => {
  const more = "infrastructure: { labels: { a: b }, annotations: { c: d } }";
  assert.deepEqual(planOf(gatewayYaml(HTTP, more)).infrastructure, {
    labels: { a: "b" },
    annotations: { c: "d" },
  });
  assert.deepEqual(planOf(gatewayYaml(HTTP)).infrastructure, { labels: {}, annotations: {} });
});

Deno.test("planGateway() tells which addresses the Gateway asks for", () => {
  assert.deepEqual(planOf(gatewayYaml(HTTP, "addresses: [{ value: 172.18.0.9 }]")).requested, [
    "172.18.0.9",
  ]);
});

Deno.test("planGateway() says nothing to routes of other Gateways", () => {
  const other = objectYaml("HTTPRoute", "r", "{ parentRefs: [{ name: other }] }");
  assert.deepEqual(servedAll(planOf(gatewayYaml(HTTP) + other)).routes, []);
});

Deno.test("planGateway() tells a route to a Gateway without listeners that there is no parent", () => {
  const route = objectYaml("HTTPRoute", "r", "{ parentRefs: [{ name: gw }] }");
  const [status] = servedAll(planOf(gatewayYaml("") + route)).routes;
  assert.equal(status?.parents[0]?.conditions?.[0]?.reason, "NoMatchingParent");
});

Deno.test("gatewayKey() has the shape of the ledger's keys", () => {
  assert.equal(gatewayKey(gatewayInput(gatewayYaml(HTTP))), "kind/gateway/infra/gw");
});
