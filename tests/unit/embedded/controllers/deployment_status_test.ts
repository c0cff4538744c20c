import assert from "assert";
import {
  condition,
  deploymentStatus,
} from "../../../../lib/embedded/controllers/deployment_status.ts";
import { asArray, at, type JsonObject } from "../../../../lib/embedded/json.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";

function object(kind: string, spec: JsonObject, status: JsonObject = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: kind.toLowerCase(), generation: 4 },
    spec,
    status,
  };
}

function states(status: JsonObject): readonly string[] {
  return asArray(status["conditions"]).map((c) =>
    `${at(c, "type")} ${at(c, "status")} ${at(c, "reason")}`
  );
}

Deno.test("deploymentStatus() counts over all sets and says whether it is done", () => {
  const target = object("Deployment", { replicas: 2 });
  const full = { replicas: 2, readyReplicas: 2, availableReplicas: 2 };
  const current = object("ReplicaSet", {}, full);
  const done = deploymentStatus(target, { all: [current], current }, "t");
  assert.deepEqual([
    done["replicas"],
    done["updatedReplicas"],
    done["unavailableReplicas"],
    done["observedGeneration"],
  ], [2, 2, undefined, 4]);
  assert.deepEqual(states(done), [
    "Available True MinimumReplicasAvailable",
    "Progressing True NewReplicaSetAvailable",
  ]);
  const young = object("ReplicaSet", {}, { replicas: 1 });
  const begun = deploymentStatus(target, { all: [young], current: young }, "t");
  assert.equal(begun["unavailableReplicas"], 2);
  assert.deepEqual(states(begun), [
    "Available False MinimumReplicasUnavailable",
    "Progressing True ReplicaSetUpdated",
  ]);
});

Deno.test("condition() keeps the time of the last change of state", () => {
  const next = { type: "A", status: "True", reason: "R", message: "" };
  const first = condition(object("X", {}), next, "t1");
  const old = object("X", {}, { conditions: [first] });
  assert.deepEqual(condition(old, next, "t2"), first);
  const reworded = condition(old, { ...next, reason: "S" }, "t2");
  assert.deepEqual([reworded["lastTransitionTime"], reworded["lastUpdateTime"]], ["t1", "t2"]);
  assert.equal(condition(old, { ...next, status: "False" }, "t2")["lastTransitionTime"], "t2");
});
