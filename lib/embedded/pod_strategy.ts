import { invalid } from "./api_error.ts";
import { forbiddenField } from "./causes.ts";
import { asArray, asObject, at, equal, type Json, type JsonObject, without } from "./json.ts";
import { defaultPodSpec, podSpecCauses } from "./pod_defaults.ts";
import type { Cause, KubeObject, Strategy } from "./types.ts";

const POD = { group: "", kind: "Pod" } as const;
const FIXED = "pod updates may not change fields other than `spec.containers[*].image`," +
  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions " +
  "to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it " +
  "was previously negative)";

function check(object: KubeObject, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(POD, object.metadata.name, causes);
}

function quality(spec: JsonObject): string {
  const resources = asArray(spec["containers"]).map((container) =>
    asObject(at(container, "resources"))
  );
  if (resources.every((r) => r["limits"] === undefined && r["requests"] === undefined)) {
    return "BestEffort";
  }
  const same = resources.every((r) =>
    r["limits"] !== undefined && equal(r["limits"], r["requests"] ?? r["limits"])
  );
  return same ? "Guaranteed" : "Burstable";
}

/** The part of a Pod spec that may not change. */
function fixed(spec: JsonObject | undefined): JsonObject {
  const imageless = (list: Json | undefined) =>
    asArray(list).map((container) => without(asObject(container), "image", "imagePullPolicy"));
  return {
    ...without(spec ?? {}, "activeDeadlineSeconds", "tolerations", "nodeName"),
    containers: imageless(spec?.["containers"]),
    initContainers: imageless(spec?.["initContainers"]),
  };
}

/** Defaulting and validation of Pods. */
export const podStrategy: Strategy = {
  create(pod) {
    const serviceAccountName = pod.spec?.["serviceAccountName"] ?? "default";
    const own = {
      serviceAccountName,
      serviceAccount: serviceAccountName,
      enableServiceLinks: true,
    };
    const spec = defaultPodSpec({ ...own, ...pod.spec });
    check(pod, podSpecCauses(spec, "spec"));
    return { ...pod, spec, status: { phase: "Pending", qosClass: quality(spec) } };
  },
  update(pod, stored) {
    const spec = defaultPodSpec(asObject(pod.spec));
    const bound = stored.spec?.["nodeName"];
    const moved = bound !== undefined && spec["nodeName"] !== bound;
    const changed = moved || !equal(fixed(spec), fixed(stored.spec));
    check(pod, changed ? [forbiddenField("spec", FIXED)] : podSpecCauses(spec, "spec"));
    return { ...pod, spec };
  },
};
