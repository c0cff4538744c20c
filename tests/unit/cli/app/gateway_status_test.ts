import assert from "assert";
import { steadyStatus } from "../../../../lib/cli/app/gateway_status.ts";
import type { Condition } from "../../../../lib/kube/types.ts";

function condition(lastTransitionTime: string): Condition {
  return { type: "Accepted", status: "True", reason: "r", message: "", lastTransitionTime };
}

Deno.test("steadyStatus() keeps the times of the Gateway and of each listener", () => {
  const listener = (name: string, time: string) => ({
    ...{ name, attachedRoutes: 0, conditions: [condition(time)] },
  });
  const before = { conditions: [condition("1")], listeners: [listener("a", "1")] };
  const next = {
    conditions: [condition("2")],
    listeners: [listener("b", "2"), listener("a", "2")],
  };
  assert.deepEqual(steadyStatus(next, before), {
    conditions: [condition("1")],
    listeners: [listener("b", "2"), listener("a", "1")],
  });
  assert.deepEqual(steadyStatus({}, undefined), {});
});
