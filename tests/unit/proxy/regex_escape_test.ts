import assert from "assert";
import { readCharacterEscape, readEscape } from "../../../lib/proxy/regex_escape.ts";
import { RegexReader } from "../../../lib/proxy/regex_reader.ts";

const characters = [
  ["n", 10],
  ["x41", 65],
  ["x{ff}", 0xff],
  ["0", 0],
  ["101", 65],
  [".", 46],
  ["_", 95],
] as const;

for (const [text, code] of characters) {
  Deno.test(`readCharacterEscape() reads \\${text}`, () => {
    const reader = new RegexReader(text);
    assert.equal(readCharacterEscape(reader).code, code);
    assert.ok(reader.done);
  });
}

for (const text of ["d", "W", "pL", "p{Greek}", "P{^Lu}", "b", "z", "C", "Qa.b\\E", "Qa.b"]) {
  Deno.test(`readEscape() reads \\${text}`, () => {
    const reader = new RegexReader(text);
    assert.equal(readEscape(reader).code, undefined);
    assert.ok(reader.done);
  });
}

for (
  const text of ["1", "8", "Z", "k<a>", "p{Letter}", "p{Cn}", "pX", "x4", "x{100}", "ä", ""]
) {
  Deno.test(`readEscape() refuses \\${text}`, () => {
    assert.throws(() => readEscape(new RegexReader(text)), { name: "RegexRefusal" });
  });
}
