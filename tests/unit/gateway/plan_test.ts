import assert from "assert";
import { planGateway } from "../../../lib/gateway/plan.ts";

Deno.test("planGateway() is a function of one input", () => {
  assert.equal(planGateway.length, 1);
});
