import assert from "assert";
import { gatewayKey } from "../../../lib/gateway/plan.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

/** The API takes it, but no label of DNS has more than 63 characters. */
const LONG = `${"x".repeat(64)}.example`;
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

for (
  const [what, hostnames, reason] of [
    ["alone", `["${LONG}"]`, "Accepted False UnsupportedValue"],
    ["beside a good one", `[b.example, "${LONG}"]`, "PartiallyInvalid True UnsupportedValue"],
  ] as const
) {
  Deno.test(`planGateway() keeps a hostname that is none (${what}) from the listener of others`, () => {
    const ofShop = (name: string, hosts: string) =>
      objectYaml(
        "HTTPRoute",
        name,
        `{ parentRefs: [{ name: gw }], hostnames: ${hosts}, rules: [{ backendRefs: [] }] }`,
      );
    const plan = planOf(gatewayYaml(HTTP) + ofShop("good", "[a.example]") + ofShop("r", hostnames));
    assert.ok(plan.spec !== undefined);
    assert.doesNotMatch(JSON.stringify(plan.spec), /x{64}/);
    assert.match(JSON.stringify(plan.spec), /a\.example/);
    const { routes } = servedAll(plan);
    const lines = routes.map(({ parents }) =>
      (parents[0]?.conditions ?? []).map((one) => `${one.type} ${one.status} ${one.reason}`)
    );
    assert.ok(!lines[0]?.includes(reason));
    assert.ok(lines[1]?.includes(reason));
  });
}

Deno.test("planGateway() refuses a listener whose hostname is none, and no other", () => {
  const listeners = `${HTTP}, { name: odd, port: 80, protocol: HTTP, hostname: ${LONG} }`;
  const plan = planOf(gatewayYaml(listeners));
  assert.doesNotMatch(JSON.stringify(plan.spec), /x{64}/);
  const { listeners: statuses = [] } = servedAll(plan).gateway;
  const programmed = statuses.map(({ conditions = [] }) =>
    conditions.find(({ type }) => type === "Programmed")?.status
  );
  assert.deepEqual(programmed, ["True", "False"]);
});

Deno.test("gatewayKey() has the shape of the ledger's keys", () => {
  assert.equal(gatewayKey(gatewayInput(gatewayYaml(HTTP))), "kind/gateway/infra/gw");
});
