import assert from "assert";
import { grpcMatch, httpMatch, type PlannedMatch } from "../../../lib/gateway/http_matches.ts";
import type { HTTPRouteMatch } from "../../../lib/gateway/types.ts";

function path(planned: PlannedMatch): string {
  return "match" in planned ? `${planned.match.path.kind} ${planned.match.path.value}` : "problem";
}

const paths: readonly { readonly match: HTTPRouteMatch; readonly want: string }[] = [
  { match: {}, want: "prefix /" },
  { match: { path: { value: "/match/" } }, want: "prefix /match" },
  { match: { path: { type: "PathPrefix", value: "//" } }, want: "prefix /" },
  { match: { path: { type: "Exact", value: "/one/" } }, want: "exact /one/" },
  { match: { path: { type: "RegularExpression", value: "/v\\d" } }, want: "regex /v\\d" },
  { match: { path: { type: "RegularExpression", value: "(" } }, want: "problem" },
  { match: { path: { type: "Glob", value: "/*" } }, want: "problem" },
  { match: { path: { value: "/a\nb" } }, want: "problem" },
  { match: { path: { value: "a" } }, want: "problem" },
  { match: { path: { type: "Exact", value: "/a?b" } }, want: "problem" },
  { match: { path: { type: "RegularExpression", value: "" } }, want: "problem" },
  { match: { method: "G T" }, want: "problem" },
  { match: { queryParams: [{ name: "", value: "" }] }, want: "problem" },
  { match: { headers: [{ name: "a b", value: "1" }] }, want: "problem" },
  { match: { headers: [{ name: "a", type: "RegularExpression", value: "*" }] }, want: "problem" },
  { match: { headers: [{ name: "a", type: "Contains", value: "x" }] }, want: "problem" },
];

Deno.test.each(paths)("httpMatch() reads $match", ({ match, want }) => {
  assert.equal(path(httpMatch(match)), want);
});

Deno.test("httpMatch() takes the first of equal names: headers in any case, parameters not", () => {
  const planned = httpMatch({
    method: "GET",
    headers: [{ name: "X-A", value: "1" }, { name: "x-a", value: "2" }],
    queryParams: [{ name: "q", value: "1" }, { name: "Q", value: "2" }, { name: "q", value: "3" }],
  });
  assert.deepEqual(planned, {
    match: {
      path: { kind: "prefix", value: "/" },
      method: "GET",
      headers: [{ name: "X-A", kind: "exact", value: "1" }],
      query: [{ name: "q", kind: "exact", value: "1" }, { name: "Q", kind: "exact", value: "2" }],
    },
    precedence: { kind: 2, length: 0, method: 0, hasMethod: true, headers: 1, query: 2 },
  });
});

Deno.test.each([
  { method: {}, want: "prefix /" },
  { method: { service: "a.B" }, want: "prefix /a.B" },
  { method: { service: "a.B", method: "C" }, want: "exact /a.B/C" },
  { method: { method: "C.d" }, want: "regex /[^/]+/C\\.d" },
  { method: { type: "RegularExpression", service: "a|b" }, want: "regex /(?:a|b)/(?:[^/]+)" },
  { method: { type: "RegularExpression", method: "[" }, want: "problem" },
  { method: { type: "Glob", service: "a" }, want: "problem" },
])("grpcMatch() reads $method", ({ method, want }) => {
  assert.equal(path(grpcMatch({ method })), want);
});
