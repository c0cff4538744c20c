import assert from "assert";
import { planWebRoute, type WebRoute } from "../../../lib/gateway/http_routes.ts";
import type { HTTPRouteRule } from "../../../lib/gateway/types.ts";

const metadata = { name: "r", namespace: "infra", uid: "r", resourceVersion: "1" };

function plan(rules: readonly HTTPRouteRule[]) {
  const route: WebRoute = { kind: "HTTPRoute", metadata, spec: { rules } };
  return planWebRoute(route, () => ({ resolved: undefined, problem: undefined }));
}

const bad: HTTPRouteRule = { name: "search", filters: [{ type: "X" }] };

Deno.test("planWebRoute() matches everything without matches", () => {
  const path = { kind: "prefix", value: "/" };
  const kinds = plan([{}, { matches: [] }]).rules.map(({ matches }) => matches[0]?.match.path);
  assert.deepEqual(kinds, [path, path]);
});

Deno.test("planWebRoute() refuses a route of which no rule can be served", () => {
  const { refused, partly, rules } = plan([bad, bad]);
  assert.deepEqual([refused?.reason, partly, rules], ["UnsupportedValue", undefined, []]);
  assert.match(refused?.message ?? "", /^rule 0 \("search"\): filter X is not served/);
});

Deno.test("planWebRoute() begins the message of partly served routes as the API wants it", () => {
  const { refused, partly, rules } = plan([{}, bad]);
  assert.deepEqual([refused, rules.length], [undefined, 2]);
  assert.match(partly?.message ?? "", /^Dropped Rule: rule 1 \("search"\)/);
});

Deno.test("planWebRoute() accepts a route without rules", () => {
  const { refused, partly, rules } = plan([]);
  assert.deepEqual([refused, partly, rules], [undefined, undefined, []]);
});

Deno.test("planWebRoute() refuses a route whose expressions would take the memory of its Gateway", () => {
  const value = "x{1000}".repeat(8); // some 300 kB for a proxy
  const regex = { type: "RegularExpression", value };
  const headers = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `x-${at}`, ...regex }));
  const match = { path: regex, headers: headers(5), queryParams: headers(5) };
  assert.equal(plan([{ matches: [match] }]).refused, undefined);
  const { refused, rules } = plan([{ matches: [match] }, { matches: [match] }]);
  assert.deepEqual([refused?.reason, rules], ["UnsupportedValue", []]);
  assert.match(refused?.message ?? "", /^the regular expressions .* are too large together: /);
  const small = { type: "RegularExpression", value: "/v[12]/.*" };
  const many = Array.from({ length: 128 }, () => ({ path: small, headers: [] }));
  assert.equal(plan([{ matches: many }]).refused, undefined);
});
