import type { Gateway, GatewayClass, ListenerSet, Route } from "../gateway/types.ts";
import type { Condition, KubeObject } from "../kube/types.ts";
import { isOurClass, isOurController } from "./app/gateway_owner.ts";
import { parentKey } from "./app/gateway_parents.ts";
import { type IngressObjectsRead, type IngressRow, ingressRows } from "./ingress_rows.ts";
import { type BackendObjects, ReadyPods } from "./ready_pods.ts";
import { routePods } from "./route_pods.ts";

/** What is known of one cluster's Gateways, or why they could not be read. */
export type GatewayReading =
  | ({ readonly cluster: string } & GatewayObjectsRead)
  | { readonly cluster: string; readonly error: string };

/** The objects as the API server gave them. */
export interface GatewayObjectsRead {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly routes: readonly Route[];
  /** Absent: not read. */
  readonly ingress?: IngressObjectsRead;
  /** Absent: not read. */
  readonly backends?: BackendObjects;
  /** Ports of proxies on the host (`8080->80/tcp`), by what they serve. */
  readonly published?: ReadonlyMap<string, readonly string[]>;
}

/** A Gateway as `berth status gateways` shows it; absent facts are left out of the JSON. */
export interface GatewayRow {
  readonly namespace: string;
  readonly name: string;
  readonly class: string;
  readonly addresses: readonly string[];
  /** `80/HTTP`, those of its ListenerSets included. */
  readonly listeners: readonly string[];
  /** Ports on the host, as `8080->80/tcp`; absent when there are none. */
  readonly published?: readonly string[];
  /** Programmed, though perhaps not every listener is (`inPart`). */
  readonly ready: boolean;
  /** True when a listener is not programmed; else absent. */
  readonly inPart?: true;
  /** Since when it has been what it is (RFC 3339). */
  readonly since?: string;
  /** Why it is not ready, or which listeners are not; one sentence each. */
  readonly problems: readonly string[];
  readonly routes: readonly RouteRow[];
}

/** A route below one of its Gateways. */
export interface RouteRow {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty: every host that the listener has. */
  readonly hostnames: readonly string[];
  readonly served: boolean;
  /** True when it is served and none of its backends has a Pod that is ready; else absent. */
  readonly noPods?: true;
  /** Why it is not served, or not wholly. */
  readonly problems: readonly string[];
}

/** One cluster of `berth status gateways --output json`. */
export interface GatewayCluster {
  readonly cluster: string;
  /** Why the cluster could not be read. */
  readonly error?: string;
  readonly gateways: readonly GatewayRow[];
  /** Routes whose parents do not exist. */
  readonly unattached: readonly RouteRow[];
  /** Gateways whose class does not exist, or has no controller that answers. */
  readonly unclassed: readonly UnclassedRow[];
  readonly ingresses: readonly IngressRow[];
  /** Ports of the Ingresses' proxy on the host; absent when there are none. */
  readonly ingressPublished?: readonly string[];
}

/** A Gateway that no controller serves. */
export interface UnclassedRow extends Pick<GatewayRow, "namespace" | "name" | "class"> {
  /** Why, and what helps. */
  readonly problem: string;
}

/** Turns readings into rows, sorted by cluster, namespace and name. */
export function gatewayClusters(readings: readonly GatewayReading[]): readonly GatewayCluster[] {
  return readings
    .map((reading) =>
      "error" in reading
        ? { ...reading, gateways: [], unattached: [], unclassed: [], ingresses: [] }
        : { cluster: reading.cluster, ...clusterRows(reading.cluster, reading) }
    )
    .toSorted((a, b) => compare(a.cluster, b.cluster));
}

function clusterRows(
  cluster: string,
  read: GatewayObjectsRead,
): Omit<GatewayCluster, "cluster" | "error"> {
  const published = read.published?.get(`${cluster}/ingress`);
  const pods = read.backends === undefined ? undefined : new ReadyPods(read.backends);
  const ours = new Set(read.classes.filter(isOurClass).map(({ metadata }) => metadata.name));
  const gateways = read.gateways.filter(({ spec }) => ours.has(spec.gatewayClassName));
  return {
    gateways: gateways.toSorted(byName).map((gateway) => {
      const ports = read.published?.get(`${cluster}/${keyOf("gateway", gateway)}`);
      const row = gatewayRow(gateway, read, pods);
      return ports === undefined ? row : { ...row, published: ports };
    }),
    unattached: read.routes.toSorted(byName).flatMap((route) => unattachedRow(route, read)),
    unclassed: read.gateways.toSorted(byName).flatMap((gateway) => unclassedRow(gateway, read)),
    ingresses: read.ingress === undefined ? [] : ingressRows(cluster, read.ingress),
    ...(published === undefined ? {} : { ingressPublished: published }),
  };
}

function unclassedRow(
  { metadata, spec }: Gateway,
  { classes }: GatewayObjectsRead,
): readonly UnclassedRow[] {
  const { namespace = "default", name } = metadata;
  const wanted = spec.gatewayClassName;
  const row = { namespace, name, class: wanted };
  const found = classes.find((each) => each.metadata.name === wanted);
  if (found === undefined) {
    return [{ ...row, problem: `GatewayClass ${wanted} does not exist: use berth, or create it` }];
  }
  const isAnswered = (found.status?.conditions ?? []).some(({ type, status }) =>
    type === "Accepted" && status !== "Unknown"
  );
  if (isOurClass(found) || isAnswered) return [];
  const { controllerName } = found.spec;
  const problem = `no controller answered for GatewayClass ${wanted}: use berth, or start ` +
    controllerName;
  return [{ ...row, problem }];
}

function gatewayRow(
  gateway: Gateway,
  read: GatewayObjectsRead,
  pods: ReadyPods | undefined,
): GatewayRow {
  const { metadata, spec, status } = gateway;
  const sets = read.listenerSets.filter((set) =>
    parentKey(set.spec.parentRef, set.metadata.namespace) === keyOf("Gateway", gateway)
  );
  const parents = new Set([
    keyOf("Gateway", gateway),
    ...sets.map((set) => keyOf("ListenerSet", set)),
  ]);
  const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
  const listeners = [...(spec.listeners ?? []), ...sets.flatMap((set) => set.spec.listeners)];
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    class: spec.gatewayClassName,
    addresses: (status?.addresses ?? []).map(({ value }) => value),
    listeners: listeners.map(({ port, protocol }) => `${port}/${protocol}`),
    ready: programmed?.status === "True",
    ...(hasIdleListener(gateway, sets) ? { inPart: true } : {}),
    ...(programmed === undefined || programmed.status === "Unknown"
      ? {}
      : { since: programmed.lastTransitionTime }),
    problems: gatewayProblems(gateway, sets),
    routes: read.routes
      .toSorted(byName)
      .flatMap((route) => attachedRow(route, { parents, pods })),
  };
}

function hasIdleListener({ status }: Gateway, sets: readonly ListenerSet[]): boolean {
  return [...status?.listeners ?? [], ...sets.flatMap((set) => set.status?.listeners ?? [])]
    .some(({ conditions }) => failing(conditions, ["Programmed"]).length > 0);
}

function gatewayProblems(gateway: Gateway, sets: readonly ListenerSet[]): readonly string[] {
  const { status } = gateway;
  const whole = failing(status?.conditions, ["Accepted", "Programmed", "ResolvedRefs"]);
  const waiting = status?.conditions?.some(({ reason }) => reason === "Pending") ?? true;
  if (waiting && whole.length === 0) return ["not handled yet: is berth running?"];
  const listeners = [
    ...(status?.listeners ?? []),
    ...sets.flatMap((set) => set.status?.listeners ?? []),
  ];
  return [
    ...whole,
    ...listeners.flatMap(({ name, conditions }) =>
      failing(conditions, ["Accepted", "Programmed", "ResolvedRefs"])
        .slice(0, 1).map((text) => `listener ${name}: ${text}`)
    ),
  ];
}

function attachedRow(
  route: Route,
  { parents, pods }: {
    readonly parents: ReadonlySet<string>;
    readonly pods: ReadyPods | undefined;
  },
): readonly RouteRow[] {
  const home = route.metadata.namespace;
  const isBelow = (key: string | undefined) => key !== undefined && parents.has(key);
  if (!(route.spec.parentRefs ?? []).some((ref) => isBelow(parentKey(ref, home)))) return [];
  const entries = (route.status?.parents ?? []).filter(({ parentRef, controllerName }) =>
    isOurController(controllerName) && isBelow(parentKey(parentRef, home))
  );
  const accepted = entries.filter(({ conditions }) =>
    conditions?.some(({ type, status }) => type === "Accepted" && status === "True")
  );
  const problems = entries.flatMap(({ conditions }) =>
    failing(conditions, ["Accepted", "ResolvedRefs"])
  );
  const served = accepted.length > 0;
  const { remarks, none } = served && pods !== undefined
    ? routePods(route, pods)
    : { remarks: [], none: false };
  return [{
    ...routeName(route),
    served,
    ...(none ? { noPods: true } : {}),
    problems: entries.length === 0 ? ["not handled yet"] : [...new Set(problems), ...remarks],
  }];
}

function unattachedRow(route: Route, read: GatewayObjectsRead): readonly RouteRow[] {
  const known = new Set([
    ...read.gateways.map((gateway) => keyOf("Gateway", gateway)),
    ...read.listenerSets.map((set) => keyOf("ListenerSet", set)),
  ]);
  const keys = (route.spec.parentRefs ?? [])
    .map((ref) => parentKey(ref, route.metadata.namespace))
    .filter((key) => key !== undefined);
  if (keys.length === 0 || keys.some((key) => known.has(key))) return [];
  const problems = keys.map((key) =>
    `${key.replace("/", " ")} does not exist: create it, or correct parentRefs`
  );
  return [{ ...routeName(route), served: false, problems }];
}

function routeName(route: Route): Pick<RouteRow, "kind" | "namespace" | "name" | "hostnames"> {
  const { kind, metadata, spec } = route;
  const { namespace = "default", name } = metadata;
  return { kind, namespace, name, hostnames: "hostnames" in spec ? spec.hostnames ?? [] : [] };
}

function failing(
  conditions: readonly Condition[] | undefined,
  types: readonly string[],
): readonly string[] {
  return (conditions ?? [])
    .filter(({ type, status }) => types.includes(type) && status === "False")
    .map(({ reason, message }) => message === "" ? reason : `${reason}: ${message}`);
}

function keyOf(kind: string, { metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? "default"}/${metadata.name}`;
}

function byName(a: KubeObject, b: KubeObject): number {
  return compare(keyOf("", a), keyOf("", b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
