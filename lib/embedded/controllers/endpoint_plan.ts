import { compact, equal, type JsonObject } from "../json.ts";
import { parseIp } from "../ip_address.ts";
import type { Service, ServicePort } from "../service_types.ts";
import type { KubeObject } from "../types.ts";
import {
  containerPorts,
  isFinished,
  isReady,
  isTerminating,
  listeningPort,
  podIps,
} from "./pod_view.ts";

/** Most endpoints in one slice, as the Kubernetes controller has it. */
const MAX_ENDPOINTS = 100;

/** The contents of one EndpointSlice. */
export interface SlicePlan {
  readonly addressType: string;
  readonly endpoints: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

/** What to do so that the slices of a Service show its Pods. */
export interface SliceChanges {
  readonly create: readonly SlicePlan[];
  readonly update: readonly (SlicePlan & { readonly slice: KubeObject })[];
  readonly remove: readonly KubeObject[];
}

function targetPort(port: ServicePort, pod: KubeObject): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  const protocol = port.protocol ?? "TCP";
  return containerPorts(pod.spec).find((own) => own.name === target && own.protocol === protocol)
    ?.number;
}

function slicePorts(service: Service, pod: KubeObject): readonly JsonObject[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    if (number === undefined) return [];
    return [compact({
      name: port.name ?? "",
      port: listeningPort(pod, number),
      protocol: port.protocol ?? "TCP",
      appProtocol: port.appProtocol,
    })];
  });
}

function endpoint(service: Service, pod: KubeObject, address: string): JsonObject {
  const { name, namespace, uid } = pod.metadata;
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  return compact({
    addresses: [address],
    conditions: { ready, serving, terminating },
    nodeName: pod.spec?.["nodeName"],
    targetRef: compact({ kind: "Pod", name, namespace, uid }),
  });
}

/** The slices that a Service should have, not yet cut to size. */
function wantedSlices(service: Service, pods: readonly KubeObject[]): readonly SlicePlan[] {
  const groups = new Map<string, SlicePlan & { readonly endpoints: JsonObject[] }>();
  for (const family of service.spec.ipFamilies ?? []) {
    for (const pod of pods) {
      const address = podIps(pod).find((ip) => parseIp(ip)?.family === family);
      if (address === undefined || isFinished(pod)) continue;
      const ports = slicePorts(service, pod);
      const key = `${family} ${JSON.stringify(ports)}`;
      const group = groups.get(key) ?? { addressType: family, ports, endpoints: [] };
      groups.set(key, group);
      group.endpoints.push(endpoint(service, pod, address));
    }
    const empty = { addressType: family, ports: [], endpoints: [] };
    if (![...groups.values()].some((g) => g.addressType === family)) groups.set(family, empty);
  }
  return [...groups.values()];
}

function identity(endpoint: JsonObject): string {
  return JSON.stringify([endpoint["addresses"], endpoint["targetRef"]]);
}

function sameGroup(slice: KubeObject, plan: SlicePlan): boolean {
  return slice["addressType"] === plan.addressType && equal(slice["ports"] ?? [], plan.ports);
}

/** Spreads endpoints over slices so that those already in one stay there. */
function packed(
  plan: SlicePlan,
  slices: readonly KubeObject[],
): readonly (readonly JsonObject[])[] {
  const home = new Map(
    slices.flatMap((slice, i) =>
      (Array.isArray(slice["endpoints"]) ? slice["endpoints"] as JsonObject[] : [])
        .map((known) => [identity(known), i] as const)
    ),
  );
  const bins: JsonObject[][] = slices.map(() => []);
  const homeless: JsonObject[] = [];
  for (const item of plan.endpoints) {
    const bin = bins[home.get(identity(item)) ?? -1];
    if (bin && bin.length < MAX_ENDPOINTS) bin.push(item);
    else homeless.push(item);
  }
  for (const item of homeless) {
    const bin = bins.find((known) => known.length < MAX_ENDPOINTS);
    if (bin) bin.push(item);
    else bins.push([item]);
  }
  // in the order of the Pods, so that the same Pods give the same slices
  const rank = new Map(plan.endpoints.map((item, i) => [item, i]));
  for (const bin of bins) bin.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return bins;
}

/** Compares the slices that a Service has with those that its Pods call for. */
export function planSlices(
  service: Service,
  pods: readonly KubeObject[],
  slices: readonly KubeObject[],
): SliceChanges {
  const free = new Set(slices);
  const create: SlicePlan[] = [];
  const update: (SlicePlan & { slice: KubeObject })[] = [];
  for (const plan of wantedSlices(service, pods)) {
    const mine = [...free].filter((slice) => sameGroup(slice, plan));
    // without endpoints there are no ports to compare: any slice of the family will do
    const spare = [...free].find((slice) => slice["addressType"] === plan.addressType);
    const use = mine.length > 0 ? mine : spare ? [spare] : [];
    const bins = packed(plan, use);
    for (const [i, endpoints] of (bins.length > 0 ? bins : [[]]).entries()) {
      const slice = use[i];
      if (!slice) create.push({ ...plan, endpoints });
      else if (endpoints.length > 0 || i === 0) {
        free.delete(slice);
        const same = equal(slice["endpoints"] ?? [], endpoints) && sameGroup(slice, plan);
        if (!same) update.push({ ...plan, endpoints, slice });
      }
    }
  }
  return { create, update, remove: [...free] };
}
