import assert from "assert";
import fc from "fast-check";
import {
  covers,
  hostOf,
  intersection,
  narrowest,
  wildcardsOver,
} from "../../../lib/gateway/hostnames.ts";

Deno.test("hostOf() takes absent and empty for every host", () => {
  assert.deepEqual([undefined, "", "A.Example"].map(hostOf), ["*", "*", "a.example"]);
});

Deno.test.each([
  { a: "*", b: "*", want: "*" },
  { a: "*", b: "a.example", want: "a.example" },
  { a: "*.io", b: "foo.bar.io", want: "foo.bar.io" },
  { a: "*.io", b: "io", want: undefined },
  { a: "*.foo.example", b: "*.example", want: "*.foo.example" },
  { a: "*.foo.example", b: "*.bar.example", want: undefined },
  { a: "a.example", b: "b.example", want: undefined },
  { a: "xexample", b: "*.example", want: undefined },
])("intersection() of $a and $b", ({ a, b, want }) => {
  assert.equal(intersection(a, b), want);
  assert.equal(intersection(b, a), want);
});

Deno.test.each([
  { host: "a.b.c", want: ["*.b.c", "*.c", "*"] },
  { host: "*.b.c", want: ["*.c", "*"] },
  { host: "c", want: ["*"] },
  { host: "*", want: [] },
])("wildcardsOver() $host", ({ host, want }) => {
  assert.deepEqual(wildcardsOver(host), want);
});

Deno.test("narrowest() prefers the name itself, then the longest wildcard", () => {
  const hosts = new Set(["*", "*.example", "*.foo.example", "a.foo.example"]);
  assert.deepEqual(
    ["a.foo.example", "b.foo.example", "c.example", "d.org"].map((name) => narrowest(hosts, name)),
    ["a.foo.example", "*.foo.example", "*.example", "*"],
  );
  assert.equal(narrowest(new Set(["*.example"]), "example"), undefined);
});

Deno.test("wildcardsOver() names nothing that does not cover the host", () => {
  const label = fc.constantFrom("a", "b", "cc");
  const host = fc.tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }))
    .map(([wild, labels]) => (wild ? "*." : "") + labels.join("."));
  fc.assert(
    fc.property(host, (name) => wildcardsOver(name).every((w) => covers(w, name) && w !== name)),
  );
});
