import assert from "assert";
import { joined, problem } from "../../../lib/gateway/problem.ts";

Deno.test("joined() takes the first reason and says each sentence once", () => {
  assert.equal(joined([]), undefined);
  assert.deepEqual(
    joined([problem("A", "one"), problem("B", "two"), problem("C", "one")]),
    { reason: "A", message: "one; two" },
  );
});
