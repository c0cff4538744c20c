import assert from "assert";
import { ownMember } from "../../../lib/core/own_member.ts";

Deno.test("ownMember() finds what was stored, and nothing that every object has", () => {
  const record: Record<string, string> = { a: "1" };
  assert.equal(ownMember(record, "a"), "1");
  for (const name of ["b", "constructor", "toString", "__proto__"]) {
    assert.equal(ownMember(record, name), undefined);
  }
  assert.equal(ownMember({ constructor: "own" }, "constructor"), "own");
});
