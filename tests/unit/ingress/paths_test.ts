import assert from "assert";
import { byAge, byPrecedence, pathMatch } from "../../../lib/ingress/paths.ts";
import type { IngressPath } from "../../../lib/ingress/types.ts";
import { ingress } from "../../fakes/ingress_objects.ts";

const cases: readonly [IngressPath["pathType"], string | undefined, string, string][] = [
  ["Exact", "/foo/", "exact", "/foo/"],
  ["Exact", undefined, "exact", "/"],
  ["Prefix", "/foo/", "prefix", "/foo"],
  ["Prefix", "/", "prefix", "/"],
  ["Prefix", "", "prefix", "/"],
  ["ImplementationSpecific", undefined, "prefix", "/"],
  ["ImplementationSpecific", "/x", "prefix", "/x"],
];

for (const [pathType, path, kind, value] of cases) {
  Deno.test(`pathMatch() reads ${pathType} ${path ?? "(none)"} as ${kind} ${value}`, () => {
    const match = pathMatch({ pathType, backend: {}, ...(path === undefined ? {} : { path }) });
    assert.deepEqual(match, { kind, value });
  });
}

Deno.test("byPrecedence() puts exact first, then the longest", () => {
  const matches = [
    { kind: "prefix", value: "/a" },
    { kind: "prefix", value: "/a/b" },
    { kind: "exact", value: "/" },
  ] as const;
  const sorted = matches.toSorted(byPrecedence).map(({ kind, value }) => `${kind} ${value}`);
  assert.deepEqual(sorted, ["exact /", "prefix /a/b", "prefix /a"]);
});

Deno.test("byAge() puts older Ingresses first, then goes by name", () => {
  const [young, b, a] = [ingress("a0", {}, { age: 1 }), ingress("b", {}), ingress("a", {})];
  assert.deepEqual([young, b, a].toSorted(byAge), [a, b, young]);
});
