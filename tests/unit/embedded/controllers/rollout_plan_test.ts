import assert from "assert";
import fc from "fast-check";
import { planRollout, resolveShare } from "../../../../lib/embedded/controllers/rollout_plan.ts";
import type { JsonObject } from "../../../../lib/embedded/json.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";

function set(name: string, replicas: number, available = replicas): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name },
    spec: { replicas },
    status: { replicas, availableReplicas: available },
  };
}

function deployment(replicas: number, strategy: JsonObject): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { replicas, strategy },
  };
}

function rolling(maxSurge: number | string, maxUnavailable: number | string): JsonObject {
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
}

Deno.test.each(
  [
    [3, 10, true, 3],
    ["25%", 10, true, 3],
    ["25%", 10, false, 2],
    ["0%", 10, true, 0],
  ] as const,
)("resolveShare() of $0 of $1 rounding up $2 is $3", (value, total, up, expected) => {
  assert.equal(resolveShare(value, total, up), expected);
});

Deno.test("a rollout ends, and on its way stays within surge and availability", () => {
  const number = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      number,
      number,
      fc.integer({ min: 1, max: 3 }),
      (total, surge, missing, pace) => {
        const target = deployment(total, rolling(surge, missing));
        let [current, old] = [set("new", 0), set("old", total)];
        const slack = surge === 0 && missing === 0 ? 1 : missing;
        for (let round = 0; round < 100; round++) {
          const plan = planRollout({ deployment: target, current, old: [old] });
          const left = plan.oldReplicas.get("old") ?? 0;
          assert.ok(plan.newReplicas + left <= total + surge);
          // Pods become available a few at a time
          const able = Math.min(
            plan.newReplicas,
            Number(current.status?.["availableReplicas"]) + pace,
          );
          const ready = Math.min(Number(current.status?.["availableReplicas"]), plan.newReplicas) +
            Math.min(left, Number(old.status?.["availableReplicas"]));
          assert.ok(ready >= total - slack, `${ready} of ${total} available`);
          [current, old] = [set("new", plan.newReplicas, able), set("old", left)];
        }
        assert.deepEqual([current.spec?.["replicas"], old.spec?.["replicas"]], [total, 0]);
      },
    ),
  );
});

Deno.test("Recreate waits until the old Pods are gone", () => {
  const target = deployment(2, { type: "Recreate" });
  const before = planRollout({ deployment: target, current: set("new", 0), old: [set("old", 2)] });
  assert.deepEqual([before.newReplicas, before.oldReplicas.get("old")], [0, 0]);
  assert.equal(
    planRollout({ deployment: target, current: set("new", 0), old: [set("old", 0)] }).newReplicas,
    2,
  );
});
