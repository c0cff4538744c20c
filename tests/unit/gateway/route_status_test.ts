import assert from "assert";
import { gatewayInput, NOW } from "../../fakes/gateway_input.ts";
import { gatewayYaml, objectYaml, planOf, routeConditions } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";
import { planGateway } from "../../../lib/gateway/plan.ts";

const HTTP = gatewayYaml("{ name: http, port: 80, protocol: HTTP }");
const WEB = objectYaml("Service", "web", "{ ports: [{ port: 80 }] }");
const route = (rules: string, parents = "{ name: gw }") =>
  objectYaml("HTTPRoute", "r", `{ parentRefs: [${parents}], rules: [${rules}] }`);

/** HTTPRouteInvalid…, HTTPRouteNoBackendRefs, by their statuses. */
const cases = [
  {
    name: "a good backend",
    rules: "{ backendRefs: [{ name: web, port: 80 }] }",
    want: "True ResolvedRefs",
  },
  { name: "no backends", rules: "{}", want: "True ResolvedRefs" },
  {
    name: "a missing Service",
    rules: "{ backendRefs: [{ name: x, port: 80 }] }",
    want: "False BackendNotFound",
  },
  {
    name: "an unknown kind",
    rules: "{ backendRefs: [{ name: x, kind: NonExistent, group: example.com }] }",
    want: "False InvalidKind",
  },
  {
    name: "another namespace without a grant",
    rules: "{ backendRefs: [{ name: web, namespace: shop, port: 80 }] }",
    want: "False RefNotPermitted",
  },
];

Deno.test.each(cases)("routeParents() resolves $name", ({ rules, want }) => {
  assert.deepEqual(routeConditions(planOf(HTTP + WEB + route(rules)), "r"), [
    ["Accepted True Accepted", `ResolvedRefs ${want}`],
  ]);
});

Deno.test("routeParents() has one entry for each reference, judged alone", () => {
  const parents = "{ name: gw }, { name: gw, sectionName: x }, { name: gw, port: 80 }, { name: o }";
  const plan = planOf(HTTP + WEB + route("{}", parents));
  assert.deepEqual(routeConditions(plan, "r").map(([accepted]) => accepted), [
    "Accepted True Accepted",
    "Accepted False NoMatchingParent",
    "Accepted True Accepted",
  ]);
  const [status] = servedAll(plan).routes;
  assert.deepEqual(status?.parents[1]?.parentRef, { name: "gw", sectionName: "x" });
});

Deno.test("routeParents() tells what is not served of a rule, and of a route", () => {
  const bad = "{ filters: [{ type: X }] }";
  assert.deepEqual(routeConditions(planOf(HTTP + route(`${bad}, {}`)), "r"), [[
    "Accepted True Accepted",
    "ResolvedRefs True ResolvedRefs",
    "PartiallyInvalid True UnsupportedValue",
  ]]);
  assert.deepEqual(routeConditions(planOf(HTTP + route(bad)), "r"), [
    ["Accepted False UnsupportedValue", "ResolvedRefs True ResolvedRefs"],
  ]);
});

Deno.test("routeParents() keeps times of what did not change, by controller and reference", () => {
  const input = gatewayInput(HTTP + route("{ backendRefs: [{ name: x, port: 80 }] }"));
  const old = { message: "", lastTransitionTime: "2025-01-01T00:00:00Z", reason: "Old" };
  const before = (controllerName: string) => ({
    parentRef: { name: "gw" },
    controllerName,
    conditions: [
      { ...old, type: "Accepted", status: "True" as const },
      { ...old, type: "ResolvedRefs", status: "True" as const },
      { ...old, type: "PartiallyInvalid", status: "True" as const },
    ],
  });
  const times = (controllerName: string) => {
    const routes = input.routes.map((one) => ({
      ...one,
      metadata: { ...one.metadata, generation: 4 },
      status: { parents: [before(controllerName)] },
    }));
    const [status] = servedAll(planGateway({ ...input, routes })).routes;
    return status?.parents[0]?.conditions?.map((one) => [
      one.type,
      one.lastTransitionTime,
      one.observedGeneration,
    ]);
  };
  assert.deepEqual(times(input.controllerName), [
    ["Accepted", "2025-01-01T00:00:00Z", 4],
    ["ResolvedRefs", NOW, 4],
  ]);
  assert.deepEqual(times("example.com/other"), [["Accepted", NOW, 4], ["ResolvedRefs", NOW, 4]]);
});
