import assert from "assert";
import { type ApiCall, refOf } from "../../../lib/embedded/api_call.ts";

Deno.test("refOf() takes namespace and name of the path", () => {
  const call = { target: { namespace: "n", name: "a" } } as unknown as ApiCall;
  assert.deepEqual(refOf(call), { namespace: "n", name: "a" });
});
