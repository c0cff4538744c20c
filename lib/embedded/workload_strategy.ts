import { invalid } from "./api_error.ts";
import { invalidValue, required } from "./causes.ts";
import { asNumber, asObject, asStringMap, at, equal, type JsonObject } from "./json.ts";
import { matchesMap } from "./label_selector.ts";
import { defaultPodSpec, podSpecCauses } from "./pod_defaults.ts";
import type { Cause, KubeObject, Strategy } from "./types.ts";

function templateSpec(template: JsonObject): JsonObject {
  return defaultPodSpec(asObject(template["spec"]));
}

function withTemplate(spec: JsonObject): JsonObject {
  const template = asObject(spec["template"]);
  return { ...spec, template: { ...template, spec: templateSpec(template) } };
}

function defaultDeployment(spec: JsonObject): JsonObject {
  const strategy = asObject(spec["strategy"]);
  const type = strategy["type"] ?? "RollingUpdate";
  const rolling = {
    maxUnavailable: "25%",
    maxSurge: "25%",
    ...asObject(strategy["rollingUpdate"]),
  };
  return {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...withTemplate(spec),
    strategy: type === "RollingUpdate" ? { type, rollingUpdate: rolling } : { type },
  };
}

function causesOf({ spec = {} }: KubeObject): readonly Cause[] {
  const selector = asStringMap(at(spec, "selector", "matchLabels"));
  const labels = asStringMap(at(spec, "template", "metadata", "labels"));
  const replicas = asNumber(spec["replicas"]);
  const none = Object.keys(selector).length === 0 &&
    at(spec, "selector", "matchExpressions") === undefined;
  return [
    ...(replicas < 0
      ? [invalidValue("spec.replicas", replicas, "must be greater than or equal to 0")]
      : []),
    ...(none ? [required("spec.selector")] : []),
    ...(matchesMap(selector, labels) ? [] : [
      invalidValue(
        "spec.template.metadata.labels",
        labels,
        "`selector` does not match template `labels`",
      ),
    ]),
    ...podSpecCauses(asObject(at(spec, "template", "spec")), "spec.template.spec"),
  ];
}

function checked(object: KubeObject, more: readonly Cause[] = []): KubeObject {
  const causes = [...more, ...causesOf(object)];
  if (causes.length > 0) {
    throw invalid({ group: "apps", kind: object.kind }, object.metadata.name, causes);
  }
  return object;
}

function strategyOf(defaults: (spec: JsonObject) => JsonObject, status: JsonObject): Strategy {
  return {
    create: (object) => checked({ ...object, spec: defaults(asObject(object.spec)), status }),
    update(object, stored) {
      const next = { ...object, spec: defaults(asObject(object.spec)) };
      const selector = at(next.spec, "selector");
      const kept = equal(selector, at(stored.spec, "selector"));
      return checked(
        next,
        kept ? [] : [invalidValue("spec.selector", selector, "field is immutable")],
      );
    },
  };
}

/** Defaulting and validation of Deployments. */
export const deploymentStrategy: Strategy = strategyOf(defaultDeployment, {});

/** Defaulting and validation of ReplicaSets. */
export const replicaSetStrategy: Strategy = strategyOf(
  (spec) => ({ replicas: 1, ...withTemplate(spec) }),
  { replicas: 0 },
);
