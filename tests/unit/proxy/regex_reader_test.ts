import assert from "assert";
import { RegexReader, RegexRefusal } from "../../../lib/proxy/regex_reader.ts";

Deno.test("RegexReader reads from left to right", () => {
  const reader = new RegexReader("ab12😀");
  assert.ok(reader.sees("a") && reader.take("ab") && !reader.take("ab"));
  assert.equal(reader.match(/\d+/y)?.[0], "12");
  assert.equal(reader.match(/\d+/y), undefined);
  assert.equal(reader.next(), "😀");
  assert.ok(reader.done);
  assert.throws(() => reader.next(), RegexRefusal);
});

Deno.test("RegexReader wants new names", () => {
  const reader = new RegexReader("");
  reader.define("a");
  assert.throws(() => reader.define("a"), /two groups are called a/);
});
