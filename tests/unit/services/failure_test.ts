import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import { failure, NoNodeError } from "../../../lib/services/mod.ts";

const cases: readonly (readonly [string, unknown, string, string])[] = [
  [
    "bad input",
    new AppError("field x is bad", { kind: "invalid" }),
    "invalid",
    "SyncLoadBalancerFailed",
  ],
  ["no node", new NoNodeError([]), "exhausted", "UnAvailableLoadBalancer"],
  ["a defect", new TypeError("x is not a function"), "internal", "SyncLoadBalancerFailed"],
  ["a timeout", new DOMException("too late", "TimeoutError"), "timeout", "SyncLoadBalancerFailed"],
];

for (const [what, error, kind, reason] of cases) {
  Deno.test(`failure() of ${what} gives kind ${kind} and event ${reason}`, () => {
    const outcome = failure(error);
    assert.equal(outcome.errorKind, kind);
    assert.equal(outcome.message, (error as Error).message);
    assert.deepEqual(outcome.events, [{ type: "Warning", reason, message: outcome.message }]);
  });
}

Deno.test("failure() tells the cause as well", () => {
  const cause = new Error("permission denied");
  const { message } = failure(new AppError("cannot bind", { kind: "forbidden", cause }));
  assert.equal(message, "cannot bind: permission denied");
});
