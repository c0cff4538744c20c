import { asArray, asString, asStringMap, at, type Json } from "../json.ts";
import { matchesMap } from "../label_selector.ts";
import type { Registry } from "../registry.ts";
import type { KubeObject } from "../types.ts";
import { condition } from "./deployment_status.ts";
import { KeyGroups } from "./key_groups.ts";
import { Objects } from "./objects.ts";
import { isFinished, isReady, isTerminating } from "./pod_view.ts";
import { WorkSet } from "./work_set.ts";

function tolerates(pod: KubeObject, taint: Json): boolean {
  return asArray(pod.spec?.["tolerations"]).some((toleration) => {
    const key = asString(at(toleration, "key"));
    const effect = asString(at(toleration, "effect"));
    const exists = at(toleration, "operator") === "Exists";
    const sameKey = key === "" ? exists : key === at(taint, "key");
    const sameValue = exists || asString(at(toleration, "value")) === asString(at(taint, "value"));
    return sameKey && sameValue && (effect === "" || effect === at(taint, "effect"));
  });
}

/** True when the Pod may run on the node. */
export function fits(pod: KubeObject, node: KubeObject): boolean {
  const hard = asArray(node.spec?.["taints"]).filter((t) => at(t, "effect") !== "PreferNoSchedule");
  return isReady(node) && node.spec?.["unschedulable"] !== true &&
    matchesMap(asStringMap(pod.spec?.["nodeSelector"]), node.metadata.labels) &&
    hard.every((taint) => tolerates(pod, taint));
}

function isWaiting(pod: KubeObject): boolean {
  return asString(pod.spec?.["nodeName"]) === "" && !isFinished(pod) && !isTerminating(pod);
}

function nodeOf(pod: KubeObject): readonly string[] {
  const name = asString(pod.spec?.["nodeName"]);
  return name === "" || isFinished(pod) ? [] : [name];
}

/** Starts binding Pods to the emptiest node that they fit; call the result to stop. */
export function startScheduler(registry: Registry): () => void {
  const pods = new Objects(registry, { group: "", plural: "pods" });
  const nodes = new Objects(registry, { group: "", plural: "nodes" });
  const byNode = new KeyGroups(nodeOf);
  const waiting = new KeyGroups((pod) => isWaiting(pod) ? ["all"] : []);
  const work = new WorkSet((key) => {
    const pod = pods.get(key);
    if (!pod || !isWaiting(pod)) return;
    const load = (node: KubeObject) => byNode.keys(node.metadata.name).size;
    const [best] = [...nodes.all()].filter((node) => fits(pod, node)).sort((a, b) =>
      load(a) - load(b)
    );
    const nodeName = best?.metadata.name;
    if (nodeName !== undefined) {
      pods.update(key, (old) => ({ ...old, spec: { ...old.spec, nodeName } }));
    }
    const found = nodeName === undefined
      ? {
        status: "False",
        reason: "Unschedulable",
        message: "no node fits the Pod: all are tainted, cordoned or not ready",
      }
      : { status: "True", reason: "Scheduled", message: "" };
    const scheduled = condition(pod, { type: "PodScheduled", ...found }, registry.timestamp());
    pods.setStatus(key, { ...pod.status, conditions: [scheduled] });
  });
  const stops = [
    pods.follow((change) => {
      byNode.observe(change);
      waiting.observe(change);
      if (change.type === "ADDED" && isWaiting(change.object)) work.mark(change.key);
    }),
    nodes.follow(() => {
      for (const key of waiting.keys("all")) work.mark(key);
    }),
  ];
  return () => {
    work.stop();
    for (const stop of stops) stop();
  };
}
