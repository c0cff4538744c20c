import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  ListenerSet,
  ListenerStatus,
  Route,
} from "../gateway/types.ts";
import type { Condition, KubeObject } from "../kube/types.ts";
import { isOurClass, isOurController } from "./app/gateway_owner.ts";
import { parentKey } from "./app/gateway_parents.ts";
import { type IngressObjectsRead, type IngressRow, ingressRows } from "./ingress_rows.ts";
import { type BackendObjects, ReadyPods } from "./ready_pods.ts";
import { routePods, routeServices, worksInPart } from "./route_pods.ts";
import { servingCondition } from "../services/mod.ts";

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
  readonly policies: readonly BackendTLSPolicy[];
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
  /** `80/HTTP`, those of the ListenerSets that it lets in included. */
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
  /** True when it is served and every answer is an error; else absent. */
  readonly fails?: true;
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
  /** ListenerSets whose Gateway does not exist. */
  readonly orphans: readonly OrphanRow[];
  readonly ingresses: readonly IngressRow[];
  /** Ports of the Ingresses' proxy on the host; absent when there are none. */
  readonly ingressPublished?: readonly string[];
}

/** A Gateway that no controller serves. */
export interface UnclassedRow extends Pick<GatewayRow, "namespace" | "name" | "class"> {
  /** Why, and what helps. */
  readonly problem: string;
}

/** A ListenerSet without a Gateway. */
export interface OrphanRow {
  readonly namespace: string;
  readonly name: string;
  readonly problem: string;
}

/** Turns readings into rows, sorted by cluster, namespace and name. */
export function gatewayClusters(readings: readonly GatewayReading[]): readonly GatewayCluster[] {
  return readings
    .map((reading) =>
      "error" in reading
        ? { ...reading, ...NO_ROWS }
        : { cluster: reading.cluster, ...clusterRows(reading.cluster, reading) }
    )
    .toSorted((a, b) => compare(a.cluster, b.cluster));
}

const NO_ROWS = { gateways: [], unattached: [], unclassed: [], orphans: [], ingresses: [] };

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
    orphans: read.listenerSets.toSorted(byName).flatMap((set) => orphanRow(set, read)),
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

function orphanRow(set: ListenerSet, { gateways }: GatewayObjectsRead): readonly OrphanRow[] {
  const { namespace = "default", name } = set.metadata;
  const parent = parentKey(set.spec.parentRef, namespace);
  if (gateways.some((gateway) => keyOf("Gateway", gateway) === parent)) return [];
  const problem = parent === undefined
    ? `spec.parentRef names no Gateway: name one`
    : `${parent.replace("/", " ")} does not exist: create it, or correct spec.parentRef`;
  return [{ namespace, name, problem }];
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
  const listeners = [
    ...(spec.listeners ?? []),
    ...sets.filter((set) => refusal(set) === undefined).flatMap((set) => set.spec.listeners),
  ];
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
      .flatMap((route) => attachedRow(route, { parents, pods, policies: read.policies })),
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
  if (waiting && whole.length === 0) {
    return ["not handled yet: is berth running, without --gateway-channel disabled?"];
  }
  return [
    ...whole,
    ...listenerProblems(status?.listeners, ""),
    ...sets.flatMap((set) => {
      const path = keyOf("ListenerSet", set).replace("/", " ");
      const refused = refusal(set);
      return refused === undefined
        ? listenerProblems(set.status?.listeners, `${path}, `)
        : [`${path}: ${refused}`];
    }),
  ];
}

/** Why a Gateway does not let a ListenerSet in; undefined where it does, or nobody has said. */
function refusal({ status }: ListenerSet): string | undefined {
  return failing(status?.conditions, ["Accepted"])[0];
}

function listenerProblems(
  listeners: readonly ListenerStatus[] = [],
  owner: string,
): readonly string[] {
  return listeners.flatMap(({ name, conditions }) =>
    failing(conditions, ["Accepted", "Programmed", "ResolvedRefs"])
      .slice(0, 1).map((text) => `${owner}listener ${name}: ${text}`)
  );
}

function attachedRow(
  route: Route,
  { parents, pods, policies }: {
    readonly parents: ReadonlySet<string>;
    readonly pods: ReadyPods | undefined;
    readonly policies: readonly BackendTLSPolicy[];
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
    failing(conditions, ["Accepted", "ResolvedRefs", servingCondition], ["PartiallyInvalid"])
  );
  const served = accepted.some(({ conditions }) =>
    failing(conditions, [servingCondition]).length === 0
  );
  const { remarks, none } = served && pods !== undefined
    ? routePods(route, pods)
    : { remarks: [], none: false };
  const fails = served && pods !== undefined && !worksInPart(route, pods) &&
    accepted.every(({ conditions }) => failing(conditions, ["ResolvedRefs"]).length > 0);
  return [{
    ...routeName(route),
    served,
    ...(none ? { noPods: true } : fails ? { fails: true } : {}),
    problems: entries.length === 0 ? ["not handled yet"] : [
      ...new Set([...problems, ...policyProblems(route, policies)]),
      ...remarks,
    ],
  }];
}

/** What is wrong with the policies of the Services that a route passes on to. */
function policyProblems(route: Route, policies: readonly BackendTLSPolicy[]): readonly string[] {
  const services = routeServices(route);
  return policies.flatMap((policy) => {
    const { namespace = "default" } = policy.metadata;
    const isUsed = policy.spec.targetRefs.some(({ group, kind, name }) =>
      group === "" && kind === "Service" && services.has(`${namespace}/${name}`)
    );
    if (!isUsed) return [];
    const name = keyOf("BackendTLSPolicy", policy).replace("/", " ");
    return (policy.status?.ancestors ?? [])
      .filter(({ controllerName }) => isOurController(controllerName))
      // what keeps it from being accepted is told better by what it refers to
      .flatMap(({ conditions }) => failing(conditions, ["ResolvedRefs", "Accepted"]).slice(0, 1))
      .map((text) => `${name}: ${text}`);
  });
}

function unattachedRow(route: Route, read: GatewayObjectsRead): readonly RouteRow[] {
  const known = new Set([
    ...read.gateways.map((gateway) => keyOf("Gateway", gateway)),
    ...read.listenerSets
      .filter((set) => orphanRow(set, read).length === 0)
      .map((set) => keyOf("ListenerSet", set)),
  ]);
  const orphans = new Set(read.listenerSets.map((set) => keyOf("ListenerSet", set)));
  const keys = (route.spec.parentRefs ?? [])
    .map((ref) => parentKey(ref, route.metadata.namespace))
    .filter((key) => key !== undefined);
  if (keys.length === 0 || keys.some((key) => known.has(key))) return [];
  const problems = keys.map((key) => {
    const what = orphans.has(key) ? "has no Gateway" : "does not exist";
    return `${key.replace("/", " ")} ${what}: create it, or correct parentRefs`;
  });
  return [{ ...routeName(route), served: false, problems }];
}

function routeName(route: Route): Pick<RouteRow, "kind" | "namespace" | "name" | "hostnames"> {
  const { kind, metadata, spec } = route;
  const { namespace = "default", name } = metadata;
  return { kind, namespace, name, hostnames: "hostnames" in spec ? spec.hostnames ?? [] : [] };
}

/** What conditions of these types say that are False, or True for those of the inverse kind. */
function failing(
  conditions: readonly Condition[] | undefined,
  types: readonly string[],
  inverse: readonly string[] = [],
): readonly string[] {
  return (conditions ?? [])
    .filter(({ type, status }) =>
      (types.includes(type) && status === "False") || (inverse.includes(type) && status === "True")
    )
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
