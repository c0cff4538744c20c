import type {
  Authority,
  Certificate,
  Chain,
  RoutePort,
  RouteSpec,
  VirtualHost,
} from "../proxy/types.ts";
import type { ResolvedBackend } from "./backends.ts";
import type { PlannedWebRoute } from "./http_routes.ts";
import { isServable, type PlannedListener } from "./listener_types.ts";
import { compareText } from "./names.ts";
import { type PlannedStreamRoute, tcpChain, tlsChains, udpPort } from "./stream_routes.ts";
import { misdirectedHosts, virtualHosts } from "./virtual_hosts.ts";

/** Any planned route. */
export type PlannedRoute = PlannedWebRoute | PlannedStreamRoute;

/** A route on one listener, with the hosts that both take. */
export interface ListenerRoute<T extends PlannedRoute = PlannedRoute> {
  readonly planned: T;
  readonly hosts: readonly string[];
}

/** What a spec is made of. */
export interface SpecParts {
  readonly key: string;
  readonly addresses: readonly string[];
  readonly listeners: readonly PlannedListener[];
  /** Routes of each listener, by its key, each route once. */
  readonly routes: ReadonlyMap<string, readonly ListenerRoute[]>;
}

/** What the proxy is asked to serve: every listener that can be served, and no other. */
export function routeSpec(parts: SpecParts): RouteSpec {
  const listeners = parts.listeners.filter(isServable);
  const used = listeners.flatMap((listener) =>
    (parts.routes.get(listener.key) ?? []).flatMap(({ planned }) => backendsOn(listener, planned))
  );
  const backends = distinct(used, ({ backend }) => backend.name);
  return {
    key: parts.key,
    addresses: parts.addresses,
    ports: ports(listeners, parts.routes),
    backends: backends.map(({ backend }) => backend),
    certificates: certificates(listeners, backends),
    authorities: authorities(listeners, backends),
  };
}

function backendsOn({ spec }: PlannedListener, planned: PlannedRoute): readonly ResolvedBackend[] {
  if (isWeb(planned)) return planned.backends;
  return (spec.tls?.mode === "Passthrough" ? planned.passed : planned.plain).backends;
}

/** True for a planned HTTPRoute or GRPCRoute. */
export function isWeb(planned: PlannedRoute): planned is PlannedWebRoute {
  return "rules" in planned;
}

function certificates(
  listeners: readonly PlannedListener[],
  backends: readonly ResolvedBackend[],
): readonly Certificate[] {
  return distinct([
    ...listeners.flatMap((one) => one.certificates),
    ...backends.flatMap(({ certificate }) => certificate ?? []),
  ], ({ name }) => name);
}

function authorities(
  listeners: readonly PlannedListener[],
  backends: readonly ResolvedBackend[],
): readonly Authority[] {
  return distinct([
    ...listeners.flatMap(({ authority }) => authority ?? []),
    ...backends.flatMap(({ authority }) => authority ?? []),
  ], ({ name }) => name);
}

function distinct<T>(list: readonly T[], name: (one: T) => string): readonly T[] {
  const found = new Map(list.map((one) => [name(one), one]));
  return [...found].toSorted(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}

function ports(
  listeners: readonly PlannedListener[],
  routes: SpecParts["routes"],
): readonly RoutePort[] {
  const groups = new Map<string, PlannedListener[]>();
  for (const one of listeners) {
    const key = `${one.class}/${one.spec.port}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) => portOf(group, routes)).toSorted((a, b) =>
    a.port - b.port || compareText(a.protocol, b.protocol)
  );
}

/** One port; its listeners are all of one class. */
function portOf(
  group: readonly PlannedListener[],
  routes: SpecParts["routes"],
): readonly RoutePort[] {
  const [first] = group;
  if (first === undefined) return [];
  const { port } = first.spec;
  const hosts = new Set(group.map(({ host }) => host));
  const of = (one: PlannedListener) => routes.get(one.key) ?? [];
  const streams = (one: PlannedListener) => of(one).filter(isStreamRoute);
  if (first.class === "udp") return [udpPort(first, streams(first))];
  const chains = first.class === "tcp"
    ? [tcpChain(first, streams(first))]
    : first.class === "http"
    ? [httpChain(group, hosts, of)]
    : group.flatMap((one) =>
      one.spec.protocol === "TLS"
        ? tlsChains(one, streams(one), hosts)
        : [httpsChain(one, hosts, of)]
    );
  return [{ protocol: "TCP", port, sourceRanges: [], chains: chains.toSorted(byServerName) }];
}

type RoutesOf = (listener: PlannedListener) => readonly ListenerRoute[];

function httpChain(
  group: readonly PlannedListener[],
  hosts: ReadonlySet<string>,
  of: RoutesOf,
): Chain {
  return {
    // not those of its listeners: a chain of another name would drain the connections of all
    name: "http",
    serverNames: [],
    peek: false,
    serve: {
      kind: "http",
      hosts: sorted(group.flatMap((one) => hostsOf(one, hosts, of))),
    },
  };
}

function httpsChain(one: PlannedListener, hosts: ReadonlySet<string>, of: RoutesOf): Chain {
  return {
    name: one.spec.name,
    serverNames: one.host === "*" ? [] : [one.host],
    peek: false,
    ...(one.tls && { tls: one.tls }),
    serve: {
      kind: "http",
      hosts: sorted([...hostsOf(one, hosts, of), ...misdirectedHosts(one, hosts)]),
    },
  };
}

function hostsOf(
  listener: PlannedListener,
  hosts: ReadonlySet<string>,
  of: RoutesOf,
): readonly VirtualHost[] {
  return virtualHosts({ listener, routes: of(listener).filter(isWebRoute) }, hosts);
}

function isWebRoute(route: ListenerRoute): route is ListenerRoute<PlannedWebRoute> {
  return isWeb(route.planned);
}

function isStreamRoute(route: ListenerRoute): route is ListenerRoute<PlannedStreamRoute> {
  return !isWeb(route.planned);
}

function sorted(hosts: readonly VirtualHost[]): readonly VirtualHost[] {
  return hosts.toSorted((a, b) => compareText(a.domains[0] ?? "", b.domains[0] ?? ""));
}

function byServerName(a: Chain, b: Chain): number {
  return compareText(a.serverNames[0] ?? "", b.serverNames[0] ?? "");
}
