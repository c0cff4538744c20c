import { age } from "./age.ts";
import { asArray, asNumber, asObject, asString, asStringMap, at } from "./json.ts";
import type { Column, KubeObject } from "./types.ts";

type Cell = Column["cell"];

const NONE = "<none>";

/** A text column; `wide` ones appear with `-o wide` only. */
export function text(name: string, cell: Cell, wide = false): Column {
  return { name, type: "string", cell, ...(wide && { priority: 1 }) };
}

function count(name: string, cell: Cell): Column {
  return { name, type: "integer", cell };
}

/** The columns that every resource has. */
export const NAME: Column = {
  name: "Name",
  type: "string",
  format: "name",
  cell: (object) => object.metadata.name,
};
/** How long ago the object was created. */
export const AGE: Column = {
  name: "Age",
  type: "string",
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};

function pairs(map: Readonly<Record<string, string>>): string {
  const list = Object.entries(map).map(([key, value]) => `${key}=${value}`);
  return list.length === 0 ? NONE : list.sort().join(",");
}

function externalIp({ spec, status }: KubeObject): string {
  const given = asArray(spec?.["externalIPs"]).map(asString);
  const type = asString(spec?.["type"]);
  if (type === "ExternalName") return asString(spec?.["externalName"]);
  if (type !== "LoadBalancer") return given.length > 0 ? given.join(",") : NONE;
  const ingress = asArray(at(status, "loadBalancer", "ingress"))
    .map((entry) => asString(at(entry, "ip")) || asString(at(entry, "hostname")));
  const all = [...ingress, ...given].filter((address) => address !== "");
  return all.length > 0 ? all.join(",") : "<pending>";
}

function servicePorts({ spec }: KubeObject): string {
  const ports = asArray(spec?.["ports"]).map((port) => {
    const node = at(port, "nodePort");
    return `${at(port, "port")}${node ? `:${node}` : ""}/${at(port, "protocol")}`;
  });
  return ports.length === 0 ? NONE : ports.join(",");
}

/** `kubectl get services`. */
export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  text("Type", ({ spec }) => asString(spec?.["type"])),
  text("Cluster-IP", ({ spec }) => asString(spec?.["clusterIP"]) || NONE),
  text("External-IP", externalIp),
  text("Port(s)", servicePorts),
  AGE,
  text("Selector", ({ spec }) => pairs(asStringMap(spec?.["selector"])), true),
];

function containers(object: KubeObject) {
  const spec = asObject(at(object, "spec", "template", "spec") ?? object.spec);
  return asArray(spec["containers"]);
}

function joined(object: KubeObject, key: "name" | "image"): string {
  return containers(object).map((container) => asString(at(container, key))).join(",");
}

function readyContainers({ spec, status }: KubeObject): string {
  const ready = asArray(status?.["containerStatuses"]).filter((s) => at(s, "ready") === true);
  return `${ready.length}/${asArray(spec?.["containers"]).length}`;
}

function podStatus({ metadata, status }: KubeObject): string {
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  const waiting = asArray(status?.["containerStatuses"])
    .map((container) => asString(at(container, "state", "waiting", "reason")))
    .find((reason) => reason !== "");
  return waiting ?? (asString(status?.["reason"]) || asString(status?.["phase"]));
}

function restarts({ status }: KubeObject): string {
  const counts = asArray(status?.["containerStatuses"])
    .map((container) => asNumber(at(container, "restartCount")));
  return String(counts.reduce((sum, value) => sum + value, 0));
}

/** `kubectl get pods`. */
export const POD_COLUMNS: readonly Column[] = [
  NAME,
  text("Ready", readyContainers),
  text("Status", podStatus),
  text("Restarts", restarts),
  AGE,
  text("IP", ({ status }) => asString(status?.["podIP"]) || NONE, true),
  text("Node", ({ spec }) => asString(spec?.["nodeName"]) || NONE, true),
  text("Nominated Node", ({ status }) => asString(status?.["nominatedNodeName"]) || NONE, true),
  text("Readiness Gates", () => NONE, true),
];

function nodeStatus({ spec, status }: KubeObject): string {
  const ready = asArray(status?.["conditions"]).find((c) => at(c, "type") === "Ready");
  const state = ready === undefined
    ? "Unknown"
    : at(ready, "status") === "True"
    ? "Ready"
    : "NotReady";
  return spec?.["unschedulable"] === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return roles.length === 0 ? NONE : roles.map((key) => key.slice(prefix.length)).sort().join(",");
}

function nodeAddress(type: string): Cell {
  return ({ status }) => {
    const found = asArray(status?.["addresses"]).find((address) => at(address, "type") === type);
    return asString(at(found, "address")) || NONE;
  };
}

function nodeInfo(key: string): Cell {
  return ({ status }) => asString(at(status, "nodeInfo", key)) || "<unknown>";
}

/** `kubectl get nodes`. */
export const NODE_COLUMNS: readonly Column[] = [
  NAME,
  text("Status", nodeStatus),
  text("Roles", nodeRoles),
  AGE,
  text("Version", nodeInfo("kubeletVersion")),
  text("Internal-IP", nodeAddress("InternalIP"), true),
  text("External-IP", nodeAddress("ExternalIP"), true),
  text("OS-Image", nodeInfo("osImage"), true),
  text("Kernel-Version", nodeInfo("kernelVersion"), true),
  text("Container-Runtime", nodeInfo("containerRuntimeVersion"), true),
];

function templateColumns(): readonly Column[] {
  return [
    text("Containers", (object) => joined(object, "name"), true),
    text("Images", (object) => joined(object, "image"), true),
    text("Selector", ({ spec }) => pairs(asStringMap(at(spec, "selector", "matchLabels"))), true),
  ];
}

/** `kubectl get deployments`. */
export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  NAME,
  text(
    "Ready",
    ({ spec, status }) => `${asNumber(status?.["readyReplicas"])}/${asNumber(spec?.["replicas"])}`,
  ),
  count("Up-to-date", ({ status }) => asNumber(status?.["updatedReplicas"])),
  count("Available", ({ status }) => asNumber(status?.["availableReplicas"])),
  AGE,
  ...templateColumns(),
];

/** `kubectl get replicasets`. */
export const REPLICA_SET_COLUMNS: readonly Column[] = [
  NAME,
  count("Desired", ({ spec }) => asNumber(spec?.["replicas"])),
  count("Current", ({ status }) => asNumber(status?.["replicas"])),
  count("Ready", ({ status }) => asNumber(status?.["readyReplicas"])),
  AGE,
  ...templateColumns(),
];

function sliceEndpoints(object: KubeObject): string {
  const all = asArray(object["endpoints"]).flatMap((e) =>
    asArray(at(e, "addresses")).map(asString)
  );
  if (all.length === 0) return "<unset>";
  const more = all.length > 3 ? ` + ${all.length - 3} more...` : "";
  return all.slice(0, 3).join(",") + more;
}

/** `kubectl get endpointslices`. */
export const SLICE_COLUMNS: readonly Column[] = [
  NAME,
  text("AddressType", (object) => asString(object["addressType"])),
  text("Ports", (object) => {
    const ports = asArray(object["ports"]).map((port) => String(at(port, "port") ?? "*"));
    return ports.length === 0 ? "<unset>" : ports.join(",");
  }),
  text("Endpoints", sliceEndpoints),
  AGE,
];

/** `kubectl get endpoints`. */
export const ENDPOINTS_COLUMNS: readonly Column[] = [
  NAME,
  text("Endpoints", (object) => {
    const all = asArray(object["subsets"]).flatMap((subset) =>
      asArray(at(subset, "addresses")).flatMap((address) =>
        asArray(at(subset, "ports")).map((port) => `${at(address, "ip")}:${at(port, "port")}`)
      )
    );
    return all.length === 0 ? NONE : all.join(",");
  }),
  AGE,
];

/** `kubectl get namespaces`. */
export const NAMESPACE_COLUMNS: readonly Column[] = [
  NAME,
  text("Status", ({ status }) => asString(status?.["phase"])),
  AGE,
];

function lastSeen(object: KubeObject, now: number): string {
  const series = asString(at(object, "series", "lastObservedTime"));
  const last = asString(object["lastTimestamp"]) || asString(object["deprecatedLastTimestamp"]);
  return age(series || last || asString(object["eventTime"]) || undefined, now);
}

/** `kubectl get events`. */
export const EVENT_COLUMNS: readonly Column[] = [
  text("Last Seen", lastSeen),
  text("Type", (object) => asString(object["type"])),
  text("Reason", (object) => asString(object["reason"])),
  text("Object", (object) => {
    const about = object["involvedObject"] ?? object["regarding"];
    return `${asString(at(about, "kind")).toLowerCase()}/${asString(at(about, "name"))}`;
  }),
  text("Message", (object) => (asString(object["message"]) || asString(object["note"])).trim()),
  { ...NAME, priority: 1 },
];

/** `kubectl get configmaps`. */
export const DATA_COLUMNS: readonly Column[] = [
  NAME,
  count(
    "Data",
    (object) =>
      Object.keys(asObject(object["data"])).length +
      Object.keys(asObject(object["binaryData"])).length,
  ),
  AGE,
];

/** `kubectl get secrets`. */
export const SECRET_COLUMNS: readonly Column[] = [
  NAME,
  text("Type", (object) => asString(object["type"])),
  count("Data", (object) => Object.keys(asObject(object["data"])).length),
  AGE,
];

/** `kubectl get leases`. */
export const LEASE_COLUMNS: readonly Column[] = [
  NAME,
  text("Holder", ({ spec }) => asString(spec?.["holderIdentity"])),
  AGE,
];

/** `kubectl get servicecidrs`. */
export const CIDR_COLUMNS: readonly Column[] = [
  NAME,
  text("CIDRs", ({ spec }) => asArray(spec?.["cidrs"]).join(",")),
  AGE,
];

/** `kubectl get ingresses`. */
export const INGRESS_COLUMNS: readonly Column[] = [
  NAME,
  text("Class", ({ spec }) => asString(spec?.["ingressClassName"]) || NONE),
  text(
    "Hosts",
    ({ spec }) =>
      asArray(spec?.["rules"]).map((rule) => asString(at(rule, "host")) || "*").join(",") || "*",
  ),
  text("Address", ({ status }) =>
    asArray(at(status, "loadBalancer", "ingress"))
      .map((entry) => asString(at(entry, "ip")) || asString(at(entry, "hostname"))).join(",")),
  text("Ports", ({ spec }) => (asArray(spec?.["tls"]).length > 0 ? "80, 443" : "80")),
  AGE,
];
