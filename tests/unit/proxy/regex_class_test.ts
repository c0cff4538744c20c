import assert from "assert";
import { readClass } from "../../../lib/proxy/regex_class.ts";
import { RegexReader } from "../../../lib/proxy/regex_reader.ts";

for (
  const text of [
    "a]",
    "^a-z0-9]",
    "]a]",
    "^]]",
    "a-]",
    "-a]",
    "\\d-]",
    "\\d-z]",
    "[:alpha:]]",
    "[:^digit:]-]",
  ]
) {
  Deno.test(`readClass() reads [${text}`, () => {
    const reader = new RegexReader(text);
    assert.ok(readClass(reader) > 0);
    assert.ok(reader.done);
  });
}

for (const text of ["a", "", "]", "z-a]", "a-\\d]", "[:nonsense:]]", "\\b]", "\\x{61}-\\x{60}]"]) {
  Deno.test(`readClass() refuses [${text}`, () => {
    assert.throws(() => readClass(new RegexReader(text)), { name: "RegexRefusal" });
  });
}
