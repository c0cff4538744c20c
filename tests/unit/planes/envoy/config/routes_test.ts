import assert from "assert";
import { ruleRoutes } from "../../../../../lib/planes/envoy/config/routes.ts";
import { forwardTo, matchOf, ruleWith, shareOf } from "../../../../fakes/route_parts.ts";
import type { Rule } from "../../../../../lib/proxy/types.ts";

const nobody = { hashed: new Set<string>() };
const cors = {
  origins: ["*"],
  methods: [],
  headers: [],
  exposeHeaders: [],
  credentials: false,
  maxAgeSeconds: 5,
};

const dead: Rule["action"][] = [
  forwardTo({ split: [] }),
  forwardTo({ split: [shareOf("cart", { weight: 0 })] }),
  forwardTo({ split: [{ weight: 1, to: { status: 500 } }] }),
];

for (const action of dead) {
  Deno.test(`ruleRoutes() answers 500 without a share: ${JSON.stringify(action)}`, () => {
    const [route, ...others] = ruleRoutes(ruleWith({ action }), nobody);
    assert.deepEqual(route?.direct_response, { status: 500 });
    assert.equal(others.length, 0);
  });
}

Deno.test("ruleRoutes() answers and redirects by itself, with edited headers", () => {
  const responseHeaders = { set: [{ name: "x-a", value: "1" }], add: [], remove: [] };
  const [answer] = ruleRoutes(
    ruleWith({ action: { kind: "respond", status: 421 }, responseHeaders }),
    nobody,
  );
  assert.deepEqual(answer?.direct_response, { status: 421 });
  assert.match(JSON.stringify(answer?.response_headers_to_add), /x-a/);
  const [redirect] = ruleRoutes(ruleWith({ action: { kind: "redirect", status: 302 } }), nobody);
  assert.deepEqual(redirect?.redirect, { response_code: "FOUND" });
});

Deno.test("ruleRoutes() gives shares with paths routes of their own, whose parts add up", () => {
  const split = [
    shareOf("a", { weight: 1, rewrite: { path: { kind: "full", value: "/a" } } }),
    shareOf("b", { weight: 2 }),
    shareOf("c", { weight: 1 }),
  ];
  const routes = ruleRoutes(ruleWith({ action: forwardTo({ split }) }), nobody);
  const fractions = routes.map(({ match }) =>
    JSON.stringify(match).match(/"numerator":(\d+)/)?.[1]
  );
  assert.deepEqual(fractions, ["250000", "750000", undefined]);
});

Deno.test("ruleRoutes() finds the preflights of a rule with a method", () => {
  const rule = ruleWith({ match: matchOf({ method: "PUT" }), cors });
  const routes = ruleRoutes(rule, nobody);
  assert.equal(routes.length, 2);
  for (const route of routes) assert.match(JSON.stringify(route), /CorsPolicy/);
});

Deno.test("ruleRoutes() keeps sessions", () => {
  const action = forwardTo({ persistence: { kind: "header", name: "x-s" } });
  const [route] = ruleRoutes(ruleWith({ action }), nobody);
  assert.match(JSON.stringify(route?.typed_per_filter_config), /StatefulSessionPerRoute/);
});
