import assert from "assert";
import { preflightMatch, routeMatch } from "../../../../../lib/planes/envoy/config/route_match.ts";
import { matchOf } from "../../../../fakes/route_parts.ts";

const paths = [
  { path: { kind: "exact", value: "/a/" }, fields: { path: "/a/" } },
  { path: { kind: "prefix", value: "/" }, fields: { prefix: "/" } },
  { path: { kind: "prefix", value: "/a/" }, fields: { path_separated_prefix: "/a" } },
  { path: { kind: "regex", value: "/a.*" }, fields: { safe_regex: { regex: "/a.*" } } },
] as const;

for (const { path, fields } of paths) {
  Deno.test(`routeMatch() matches ${path.kind} ${path.value}`, () => {
    assert.deepEqual(routeMatch(matchOf({ path })), fields);
  });
}

Deno.test("routeMatch() asks for method, headers and query", () => {
  const match = matchOf({
    method: "GET",
    headers: [{ name: "x-a", kind: "exact", value: "1" }],
    query: [{ name: "Q", kind: "regex", value: "b+" }],
  });
  assert.deepEqual(routeMatch(match), {
    prefix: "/",
    headers: [
      { name: ":method", string_match: { exact: "GET" } },
      { name: "x-a", string_match: { exact: "1" } },
    ],
    query_parameters: [{ name: "Q", string_match: { safe_regex: { regex: "b+" } } }],
  });
});

for (const oneLabelOf of ["*.a.example", "a.example"]) {
  Deno.test(`routeMatch() lets one label stand before ${oneLabelOf}`, () => {
    const text = JSON.stringify(routeMatch(matchOf({ oneLabelOf })));
    const regex = /"regex":"\(\?i\)(.*?)"/.exec(text)?.[1] ?? "";
    const whole = new RegExp(`^(?:${JSON.parse(`"${regex}"`)})$`, "i");
    for (const host of ["b.a.example", "B.A.example:80"]) assert.match(host, whole);
    for (const host of ["a.example", "c.b.a.example", "bXa.example"]) {
      assert.doesNotMatch(host, whole);
    }
  });
}

Deno.test("preflightMatch() finds the preflights of a method", () => {
  const headers = [{ name: "x-a", kind: "exact", value: "1" }] as const;
  assert.deepEqual(preflightMatch(matchOf({ method: "PUT", headers })), {
    prefix: "/",
    headers: [
      { name: ":method", string_match: { exact: "OPTIONS" } },
      { name: "access-control-request-method", string_match: { exact: "PUT" } },
    ],
  });
  assert.equal(preflightMatch(matchOf()), undefined);
});
