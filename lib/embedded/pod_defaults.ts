import { duplicate, required } from "./causes.ts";
import { asArray, asObject, asString, at, type Json, type JsonObject } from "./json.ts";
import { nameCauses } from "./name_rules.ts";
import type { Cause } from "./types.ts";

function defaultPort(port: Json): JsonObject {
  return { protocol: "TCP", ...asObject(port) };
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

function defaultProbe(probe: Json): JsonObject {
  const given = asObject(probe);
  const http = given["httpGet"];
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...given,
    ...(http !== undefined && { httpGet: { path: "/", scheme: "HTTP", ...asObject(http) } }),
  };
}

function defaultVariable(variable: Json): JsonObject {
  const field = at(variable, "valueFrom", "fieldRef");
  if (field === undefined) return asObject(variable);
  const fieldRef = { apiVersion: "v1", ...asObject(field) };
  return { ...asObject(variable), valueFrom: { ...asObject(at(variable, "valueFrom")), fieldRef } };
}

function defaultVolume(volume: Json): JsonObject {
  const members = asObject(volume);
  const files = ["configMap", "secret", "projected"].filter((kind) => members[kind] !== undefined)
    .map((kind) => [kind, { defaultMode: 0o644, ...asObject(members[kind]) }]);
  return { ...members, ...Object.fromEntries(files) };
}

function defaultContainer(container: Json): JsonObject {
  const given = asObject(container);
  const image = asString(given["image"]);
  const latest = image.endsWith(":latest") || !/[:@][^/]*$/.test(image);
  return {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
    ...given,
    ...(given["ports"] !== undefined && { ports: asArray(given["ports"]).map(defaultPort) }),
    ...(given["env"] !== undefined && { env: asArray(given["env"]).map(defaultVariable) }),
    ...Object.fromEntries(
      PROBES.filter((name) => given[name] !== undefined)
        .map((name) => [name, defaultProbe(given[name] ?? {})]),
    ),
  };
}

/** Fills in a Pod spec as the API server does. */
export function defaultPodSpec(spec: JsonObject): JsonObject {
  const containers = asArray(spec["containers"]).map(defaultContainer);
  const init = spec["initContainers"];
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    ...spec,
    containers,
    ...(spec["volumes"] !== undefined && { volumes: asArray(spec["volumes"]).map(defaultVolume) }),
    ...(init !== undefined && { initContainers: asArray(init).map(defaultContainer) }),
  };
}

function containerCauses(container: Json, i: number, context: {
  readonly all: readonly Json[];
  readonly field: string;
}): readonly Cause[] {
  const field = `${context.field}[${i}]`;
  const name = asString(at(container, "name"));
  const twice = context.all.slice(0, i).some((other) => at(other, "name") === name);
  return [
    ...(name === "" ? [required(`${field}.name`)] : nameCauses(name, "label", `${field}.name`)),
    ...(name !== "" && twice ? [duplicate(`${field}.name`, name)] : []),
    ...(asString(at(container, "image")) === "" ? [required(`${field}.image`)] : []),
  ];
}

/** What is wrong with a Pod spec at a path. */
export function podSpecCauses(spec: JsonObject, path: string): readonly Cause[] {
  const field = `${path}.containers`;
  const all = asArray(spec["containers"]);
  if (all.length === 0) return [required(field)];
  return all.flatMap((container, i) => containerCauses(container, i, { all, field }));
}
