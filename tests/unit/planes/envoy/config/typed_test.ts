import assert from "assert";
import {
  escapeRegex,
  extension,
  seconds,
  typed,
} from "../../../../../lib/planes/envoy/config/typed.ts";

Deno.test("typed() puts the type in front", () => {
  assert.deepEqual(typed("a.B", { c: 1 }), { "@type": "type.googleapis.com/a.B", c: 1 });
});

Deno.test("extension() names a typed message", () => {
  assert.deepEqual(extension("n", "a.B"), {
    name: "n",
    typed_config: { "@type": "type.googleapis.com/a.B" },
  });
});

for (const [ms, text] of [[0, "0s"], [500, "0.5s"], [1, "0.001s"], [60_000, "60s"]] as const) {
  Deno.test(`seconds() writes ${ms} ms as ${text}`, () => assert.equal(seconds(ms), text));
}

Deno.test("escapeRegex() makes a text match itself alone", () => {
  const text = "/a.b*(c)[d]{2}^$|\\+?-e";
  assert.match(text, new RegExp(`^${escapeRegex(text)}$`));
  assert.doesNotMatch("/aXb", new RegExp(`^${escapeRegex("/a.b")}$`));
});
