import type { Condition, Service, ServicePort } from "../kube/types.ts";
import {
  publishedAnnotation,
  readNoPods,
  readUnservedPorts,
  servingCondition,
  unknownClass,
} from "../services/mod.ts";

/** A Service as `berth status` shows it; absent facts are left out of the JSON. */
export interface ServiceRow {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
  /** `80` for TCP, else with its protocol: `53/udp`; published on the host: `80→8080`. */
  readonly ports: readonly string[];
  readonly plane?: string;
  /** The nodes that announce the addresses: `kind-worker`, `kind-worker, kind-worker2`. */
  readonly node?: string;
  /** Since when the state has been what it is (RFC 3339). */
  readonly since?: string;
  readonly ready: boolean;
  /** Why it is ready and nobody answers all the same: on no port, or not on every one. */
  readonly reason?: "NoPods" | "SomePortsWithoutPods" | "SomePortsNotServed";
  readonly lastError?: string;
  /** What to do about the reason. */
  readonly remark?: string;
}

/** True for Services that berth is responsible for. */
export function isServed({ spec }: Service): boolean {
  if (spec.type !== "LoadBalancer") return false;
  return spec.loadBalancerClass === undefined || spec.loadBalancerClass.startsWith("berth.dev/");
}

/** Reads a row out of what berth wrote into the Service's status. */
export function serviceRow(cluster: string, service: Service): ServiceRow {
  const { metadata, spec, status } = service;
  const condition = status?.conditions?.find(({ type }) => type === servingCondition);
  const addresses = (status?.loadBalancer?.ingress ?? [])
    .flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return {
    cluster,
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    addresses,
    ports: (spec.ports ?? []).map((port) => portText(port, hostPorts(service))),
    ready: condition?.status === "True",
    ...conditionFacts(condition, unknownClass(service)),
    ...(condition?.status === "True" ? portFacts(service, condition.message) : {}),
  };
}

/** Ports of a Service that is served on which nobody answers all the same. */
function portFacts({ spec }: Service, message: string): Partial<ServiceRow> {
  const [empty, unserved] = [readNoPods(message), readUnservedPorts(message)];
  const remarks = [unserved, empty].flatMap((one) => one === undefined ? [] : [one.text]);
  if (remarks.length === 0) return {};
  const silent = [...empty?.ports ?? [], ...unserved?.ports ?? []];
  const all = (spec.ports ?? []).every(({ port, protocol = "TCP" }) =>
    silent.includes(`${protocol}/${port}`)
  );
  const inPart = unserved === undefined ? "SomePortsWithoutPods" : "SomePortsNotServed";
  return { reason: all ? "NoPods" : inPart, remark: remarks.join("; ") };
}

function conditionFacts(
  condition: Condition | undefined,
  unknownClass: string | undefined,
): Partial<ServiceRow> {
  if (unknownClass !== undefined) return { lastError: unknownClass };
  if (condition === undefined) return { lastError: "not handled yet: is berth running?" };
  const since = condition.lastTransitionTime;
  if (condition.status !== "True") return { since, lastError: condition.message };
  const [, plane, node] = /^(\w+) plane(?:, announced by ([^;]+))?/.exec(condition.message) ??
    [];
  return {
    since,
    ...plane === undefined ? {} : { plane },
    ...node === undefined ? {} : { node },
  };
}

function portText(
  { port, protocol = "TCP" }: ServicePort,
  published: ReadonlyMap<string, string>,
): string {
  const plain = protocol === "TCP" ? String(port) : `${port}/${protocol.toLowerCase()}`;
  const host = published.get(`${port}/${protocol}`);
  return host === undefined ? plain : `${plain}→${host}`;
}

/** `80/TCP` → port of the host, as the Service's annotation tells. */
function hostPorts({ metadata }: Service): ReadonlyMap<string, string> {
  const pairs = (metadata.annotations?.[publishedAnnotation] ?? "").split(",");
  return new Map(pairs.flatMap((pair) => {
    const [port, host] = pair.split("=");
    return port === undefined || host === undefined ? [] : [[port, host] as const];
  }));
}
