import assert from "assert";
import { decodeState, encodeState } from "../../../../lib/planes/envoy/state.ts";

Deno.test("decodeState() reads what encodeState() wrote, and nothing else", () => {
  const state = { id: "a1", key: "c/ns/web", addresses: ["10.0.0.1"], files: { "lds.json": "7" } };
  assert.deepEqual(decodeState(encodeState(state)), state);
  assert.match(encodeState(state), /^[^\n]+\n$/);
  for (const text of ["", "{", "[]", '{"id":1}']) assert.equal(decodeState(text), undefined);
});
