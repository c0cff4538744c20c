import assert from "assert";
import { type FilterContext, pathEdit, readFilters } from "../../../lib/gateway/filters.ts";
import type { RouteFilter } from "../../../lib/gateway/types.ts";

const rule: FilterContext = { place: "rule", prefixOnly: true };

const refused: readonly {
  readonly name: string;
  readonly filters: readonly RouteFilter[];
  readonly context?: Partial<FilterContext>;
  readonly want: RegExp;
}[] = [
  {
    name: "an unknown type",
    filters: [{ type: "ExternalAuth" }],
    want: /filter ExternalAuth is not served: remove it/,
  },
  {
    name: "a mirror on a backend",
    filters: [{ type: "RequestMirror" }],
    context: { place: "backend" },
    want: /put it on the rule/,
  },
  {
    name: "an empty mirror",
    filters: [{ type: "RequestMirror" }],
    want: /says nothing/,
  },
  {
    name: "a header name with a space",
    filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["a b"] } }],
    want: /"a b" is not a header name/,
  },
  {
    name: "a header value with a line break",
    filters: [{
      type: "ResponseHeaderModifier",
      responseHeaderModifier: { add: [{ name: "a", value: "x\r\ny: z" }] },
    }],
    want: /value of header "a"/,
  },
  {
    name: "a foreign scheme",
    filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "ftp" } }],
    want: /use http or https/,
  },
  {
    name: "a status that redirects nobody",
    filters: [{ type: "RequestRedirect", requestRedirect: { statusCode: 200 } }],
    want: /statusCode 200 is no redirect/,
  },
  {
    name: "a prefix edit without a prefix",
    filters: [{
      type: "URLRewrite",
      urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/x" } },
    }],
    context: { prefixOnly: false },
    want: /needs matches of type PathPrefix/,
  },
  {
    name: "a host that is none",
    filters: [{ type: "URLRewrite", urlRewrite: { hostname: "a b" } }],
    want: /"a b" is not a host/,
  },
  {
    name: "a path that does not begin with a slash",
    filters: [{
      type: "RequestRedirect",
      requestRedirect: { path: { type: "ReplaceFullPath", replaceFullPath: "x" } },
    }],
    want: /put one in front/,
  },
  {
    name: "an empty origin",
    filters: [{ type: "CORS", cors: { allowOrigins: [""] } }],
    want: /an origin is empty/,
  },
  {
    name: "an unknown path edit",
    filters: [{ type: "URLRewrite", urlRewrite: { path: { type: "Replace" } } }],
    want: /path.type "Replace" is not served/,
  },
];

Deno.test.each(refused)("readFilters() refuses $name", ({ filters, context, want }) => {
  const { problems } = readFilters(filters, { ...rule, ...context });
  assert.match(problems[0]?.message ?? "", want);
  assert.equal(problems[0]?.reason, "UnsupportedValue");
});

Deno.test("readFilters() lets the host of requests be set, and nothing else be done to it", () => {
  const edit = (type: string, modifier: object) =>
    readFilters([{ type, requestHeaderModifier: modifier, responseHeaderModifier: modifier }], rule)
      .problems.length;
  const set = { set: [{ name: "hOst", value: "a.example" }] };
  assert.equal(edit("RequestHeaderModifier", set), 0);
  assert.equal(edit("RequestHeaderModifier", { set: [{ name: "Host", value: "a b" }] }), 1);
  assert.equal(edit("RequestHeaderModifier", { remove: ["Host"] }), 1);
  assert.equal(edit("RequestHeaderModifier", { add: set.set }), 1);
  assert.equal(edit("ResponseHeaderModifier", set), 1);
});

Deno.test("readFilters() finds redirect and rewrite incompatible", () => {
  const { problems } = readFilters([
    { type: "RequestRedirect", requestRedirect: { port: 81 } },
    { type: "URLRewrite", urlRewrite: { hostname: "a" } },
  ], rule);
  assert.deepEqual(problems.map(({ reason }) => reason), ["IncompatibleFilters"]);
});

Deno.test("readFilters() counts mirrors by percent and fraction, and leaves out none", () => {
  const mirror = (name: string, share: object): RouteFilter => ({
    type: "RequestMirror",
    requestMirror: { backendRef: { name }, ...share },
  });
  const { mirrors } = readFilters([
    mirror("all", {}),
    mirror("none", { percent: 0 }),
    mirror("fifth", { percent: 20 }),
    mirror("half", { fraction: { numerator: 1, denominator: 2 } }),
    mirror("tenth", { fraction: { numerator: 10 } }),
  ], rule);
  assert.deepEqual(
    mirrors.map(({ ref, numerator, denominator }) => [ref.name, numerator, denominator]),
    [["all", 100, 100], ["fifth", 20, 100], ["half", 1, 2], ["tenth", 10, 100]],
  );
});

Deno.test("pathEdit() replaces with / where nothing is given", () => {
  assert.deepEqual(pathEdit({ type: "ReplacePrefixMatch" }), { kind: "prefix", value: "/" });
  assert.equal(pathEdit(undefined), undefined);
});
