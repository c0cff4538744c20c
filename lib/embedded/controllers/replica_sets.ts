import { keyOf } from "../collection.ts";
import { asNumber, asObject, at, type JsonObject } from "../json.ts";
import type { Registry } from "../registry.ts";
import type { KubeObject } from "../types.ts";
import { KeyGroups, ownerGroups } from "./key_groups.ts";
import { Objects } from "./objects.ts";
import { isFinished, isReady, isTerminating } from "./pod_view.ts";
import { WorkSet } from "./work_set.ts";

function newPod(set: KubeObject) {
  const { name, uid = "" } = set.metadata;
  const template = asObject(at(set.spec, "template"));
  const meta = asObject(template["metadata"]);
  return {
    metadata: {
      generateName: `${name}-`,
      labels: asObject(meta["labels"]) as Record<string, string>,
      ...(meta["annotations"] !== undefined && {
        annotations: asObject(meta["annotations"]) as Record<string, string>,
      }),
      ownerReferences: [{
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: asObject(template["spec"]),
  };
}

/** Pods in the order in which they are given up: unbound, not ready, youngest first. */
function byWorth(a: KubeObject, b: KubeObject): number {
  const rank = (pod: KubeObject) =>
    (pod.spec?.["nodeName"] === undefined ? 0 : 1) + (isReady(pod) ? 2 : 0);
  const [ta, tb] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  return rank(a) - rank(b) || (ta < tb ? 1 : ta > tb ? -1 : 0) ||
    (keyOf(a) < keyOf(b) ? 1 : -1);
}

function statusOf(set: KubeObject, pods: readonly KubeObject[]): JsonObject {
  const ready = pods.filter(isReady).length;
  return {
    replicas: pods.length,
    ...(pods.length > 0 && { fullyLabeledReplicas: pods.length }),
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    observedGeneration: set.metadata.generation ?? 1,
  };
}

/** Starts keeping the Pods of ReplicaSets; call the result to stop. */
export function startReplicaSets(registry: Registry): () => void {
  const sets = new Objects(registry, { group: "apps", plural: "replicasets" });
  const pods = new Objects(registry, { group: "", plural: "pods" });
  const byOwner = new KeyGroups(ownerGroups);
  const keys = new Map<string, string>();
  const activePods = (set: KubeObject) =>
    pods.getAll(byOwner.keys(set.metadata.uid ?? ""))
      .filter((pod) => !isTerminating(pod) && !isFinished(pod));
  const work = new WorkSet((key) => {
    const set = sets.get(key);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const wanted = asNumber(set.spec?.["replicas"]);
    const active = activePods(set);
    for (let i = active.length; i < wanted; i++) pods.create(set.metadata.namespace, newPod(set));
    const extra = active.toSorted(byWorth).slice(0, Math.max(0, active.length - wanted));
    for (const pod of extra) pods.delete(keyOf(pod));
    sets.setStatus(key, statusOf(set, activePods(set)));
  });
  const stops = [
    pods.follow((change) => {
      byOwner.observe(change);
      for (const uid of ownerGroups(change.object)) {
        const key = keys.get(uid);
        if (key !== undefined) work.mark(key);
      }
    }),
    sets.follow(({ type, key, object }) => {
      const uid = object.metadata.uid ?? "";
      if (type === "DELETED") keys.delete(uid);
      else keys.set(uid, key);
      work.mark(key);
    }),
  ];
  return () => {
    work.stop();
    for (const stop of stops) stop();
  };
}
