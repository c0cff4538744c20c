import { asArray, asNumber, asString, at, type JsonObject } from "../json.ts";
import type { KubeObject } from "../types.ts";
import { resolveShare } from "./rollout_plan.ts";

function sum(sets: readonly KubeObject[], key: string): number {
  return sets.reduce((total, set) => total + asNumber(set.status?.[key]), 0);
}

/** A condition that keeps its times while it stays the same. */
export function condition(
  old: KubeObject,
  next: {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  },
  now: string,
): JsonObject {
  const found = asArray(old.status?.["conditions"]).find((c) => at(c, "type") === next.type);
  const same = found && at(found, "status") === next.status && at(found, "reason") === next.reason;
  return {
    lastTransitionTime: found && at(found, "status") === next.status
      ? asString(at(found, "lastTransitionTime")) || now
      : now,
    lastUpdateTime: same ? asString(at(found, "lastUpdateTime")) || now : now,
    ...next,
  };
}

/** The status of a Deployment from its ReplicaSets. */
export function deploymentStatus(
  deployment: KubeObject,
  sets: { readonly all: readonly KubeObject[]; readonly current: KubeObject | undefined },
  now: string,
): JsonObject {
  const wanted = asNumber(deployment.spec?.["replicas"]);
  const { all, current } = sets;
  const replicas = sum(all, "replicas");
  const available = sum(all, "availableReplicas");
  const updated = asNumber(current?.status?.["replicas"]);
  const missing = at(deployment.spec, "strategy", "rollingUpdate", "maxUnavailable");
  const enough = available >= wanted - resolveShare(missing ?? 0, wanted, false);
  const done = updated === wanted && replicas === wanted && available === wanted;
  const name = deployment.metadata.name;
  const conditions = [
    condition(deployment, {
      type: "Available",
      status: enough ? "True" : "False",
      reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: enough
        ? "Deployment has minimum availability."
        : "Deployment does not have minimum availability.",
    }, now),
    condition(deployment, {
      type: "Progressing",
      status: "True",
      reason: done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
      message: `ReplicaSet "${current?.metadata.name ?? name}" ` +
        (done ? "has successfully progressed." : "is progressing."),
    }, now),
  ];
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(replicas > 0 && { replicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(sum(all, "readyReplicas") > 0 && { readyReplicas: sum(all, "readyReplicas") }),
    ...(available > 0 && { availableReplicas: available }),
    ...(wanted > available && { unavailableReplicas: wanted - available }),
    conditions,
  };
}
