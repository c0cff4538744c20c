import assert from "assert";
import { endedStatus } from "../../../../lib/cli/app/gateway_ended.ts";
import type { Condition } from "../../../../lib/kube/types.ts";

const before = "2026-01-01T00:00:00Z";
const now = "2026-01-02T00:00:00Z";

function condition(change: Partial<Condition> = {}): Condition {
  return {
    ...{ type: "Programmed", status: "True", reason: "Programmed", message: "" },
    ...{ lastTransitionTime: before, observedGeneration: 3 },
    ...change,
  };
}

const ended = condition({
  ...{ status: "False", reason: "Pending", message: "it is over", lastTransitionTime: now },
});

for (
  const { name, change = {}, until, ends } of [
    { name: "a success of ours", ends: true },
    { name: "a success of the newest generation we wrote", until: 3, ends: true },
    { name: "a success of a later generation", until: 2, ends: false },
    { name: "a success in other words", change: { message: "all is well" }, until: 3, ends: false },
    { name: "any words at the end of berth", change: { message: "all is well" }, ends: true },
    { name: "what was no success", change: { status: "False" as const }, ends: false },
    { name: "a condition of another type", change: { type: "Accepted" }, ends: false },
  ]
) {
  Deno.test(`endedStatus() ${ends ? "ends" : "leaves"} ${name}`, () => {
    const one = condition(change);
    const status = {
      conditions: [one],
      listeners: [{ name: "http", attachedRoutes: 1, conditions: [one] }],
    };
    const ending = { message: "it is over", now, ...(until === undefined ? {} : { until }) };
    const next = endedStatus(status, ending);
    assert.deepEqual(
      next,
      ends
        ? { conditions: [ended], listeners: [{ ...status.listeners[0], conditions: [ended] }] }
        : undefined,
    );
  });
}

Deno.test("endedStatus() touches no part that stays", () => {
  const failing = condition({ status: "False" });
  const listeners = [
    { name: "a", attachedRoutes: 0, conditions: [failing] },
    { name: "b", attachedRoutes: 0, conditions: [condition()] },
  ];
  const next = endedStatus({ conditions: [failing], listeners }, { message: "it is over", now });
  assert.deepEqual(next, { listeners: [listeners[0], { ...listeners[1], conditions: [ended] }] });
  assert.equal(endedStatus(undefined, { message: "it is over", now }), undefined);
});
