import assert from "assert";
import {
  redirectPathFields,
  rewriteFields,
} from "../../../../../lib/planes/envoy/config/path_edit.ts";

const prefix = (value: string) => ({ kind: "prefix", value }) as const;

const prefixCases = [
  { match: "/p", to: "/n", fields: { prefix_rewrite: "/n" } },
  { match: "/p/", to: "/n/", fields: { prefix_rewrite: "/n" } },
  { match: "/p", to: "/", fields: { regex_rewrite: substitution("^/p/*", "/") } },
  { match: "/p", to: "", fields: { regex_rewrite: substitution("^/p/*", "/") } },
  { match: "/a.b+c", to: "/", fields: { regex_rewrite: substitution("^/a\\.b\\+c/*", "/") } },
  { match: "/", to: "/n", fields: { regex_rewrite: substitution("^/", "/n/") } },
  { match: "/", to: "/\\1", fields: { regex_rewrite: substitution("^/", "/\\\\1/") } },
  { match: "/", to: "/", fields: { regex_rewrite: substitution("^/", "/") } },
];

for (const { match, to, fields } of prefixCases) {
  Deno.test(`rewriteFields() replaces prefix ${match} by "${to}"`, () => {
    assert.deepEqual(rewriteFields(prefix(to), prefix(match)), fields);
    assert.deepEqual(redirectPathFields(prefix(to), prefix(match)), fields);
  });
}

Deno.test("rewriteFields() replaces the whole path where there is no prefix", () => {
  const whole = { regex_rewrite: substitution("^/.*$", "/n") };
  assert.deepEqual(rewriteFields({ kind: "full", value: "/n" }, prefix("/p")), whole);
  assert.deepEqual(rewriteFields(prefix("/n"), { kind: "exact", value: "/p" }), whole);
});

Deno.test("redirectPathFields() replaces the whole path", () => {
  assert.deepEqual(redirectPathFields({ kind: "full", value: "/n" }, prefix("/p")), {
    path_redirect: "/n",
  });
});

Deno.test("rewriteFields() leaves the path alone", () => {
  assert.deepEqual(rewriteFields(undefined, prefix("/p")), {});
});

function substitution(regex: string, substitution: string) {
  return { pattern: { regex }, substitution };
}
