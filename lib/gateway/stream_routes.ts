import type { Affinity, Chain, Share, TcpServe, UdpPort } from "../proxy/types.ts";
import type { Flavour, ResolveBackend, ResolvedBackend } from "./backends.ts";
import { ANY_HOST, narrowest, wildcardsOver } from "./hostnames.ts";
import type { RouteFacts } from "./http_routes.ts";
import type { PlannedListener } from "./listener_types.ts";
import { byAge, compareText, nameOf } from "./names.ts";
import { joined } from "./problem.ts";
import type { RouteKind, StreamRoute } from "./types.ts";

/** A TLSRoute, TCPRoute or UDPRoute with its kind. */
export type BytesRoute = StreamRoute & {
  readonly kind: Extract<RouteKind, "TLSRoute" | "TCPRoute" | "UDPRoute">;
};

/** A route of bytes or datagrams, ready for its listeners. */
export interface PlannedStreamRoute extends RouteFacts {
  readonly route: BytesRoute;
  /** How its backends are used where TLS ends at the proxy or there is none, and where not. */
  readonly plain: StreamTargets;
  readonly passed: StreamTargets;
}

/** Shares of a route, and the backends behind them. */
export interface StreamTargets {
  readonly split: readonly Share[];
  readonly affinity: Affinity;
  readonly backends: readonly ResolvedBackend[];
}

/** One attached route, and the hosts that it shares with the listener. */
export interface StreamAttachment {
  readonly planned: PlannedStreamRoute;
  readonly hosts: readonly string[];
}

/** Plans the backends of a TLSRoute, TCPRoute or UDPRoute. */
export function planStreamRoute(route: BytesRoute, resolve: ResolveBackend): PlannedStreamRoute {
  const outcomes = (flavour: Flavour) =>
    (route.spec.rules ?? []).flatMap(({ backendRefs }) => backendRefs ?? []).map((ref) => ({
      ref,
      ...resolve({ ref, kind: route.kind, namespace: nameOf(route).namespace, flavour }),
    }));
  const targets = (found: ReturnType<typeof outcomes>): StreamTargets => {
    const backends = found.flatMap(({ resolved }) => resolved ?? []);
    return {
      split: found.map(({ ref, resolved }) => ({
        weight: ref.weight ?? 1,
        to: resolved === undefined ? { status: 500 } : { backend: resolved.backend.name },
      })),
      affinity: backends[0]?.backend.affinity ?? "none",
      backends,
    };
  };
  const plain = outcomes(route.kind === "UDPRoute" ? "udp" : "tcp");
  return {
    route,
    plain: targets(plain),
    passed: route.kind === "TLSRoute" ? targets(outcomes("bytes")) : NO_TARGETS,
    refused: undefined,
    partly: undefined,
    unresolved: joined(plain.flatMap((one) => one.problem ?? [])),
    warnings: [],
  };
}

const NO_TARGETS: StreamTargets = { split: [], affinity: "none", backends: [] };

/** The oldest of the routes of a TCP or UDP listener serves, alone (TCPRoute, UDPRoute). */
export function oldest(
  attachments: readonly StreamAttachment[],
): PlannedStreamRoute | undefined {
  return attachments.map(({ planned }) => planned)
    .toSorted((a, b) => byAge(a.route, b.route))[0];
}

/** The chain of a TCP listener. */
export function tcpChain(
  listener: PlannedListener,
  attachments: readonly StreamAttachment[],
): Chain {
  return {
    name: listener.spec.name,
    serverNames: [],
    peek: false,
    serve: serve(oldest(attachments)?.plain),
  };
}

/** The port of a UDP listener. */
export function udpPort(
  listener: PlannedListener,
  attachments: readonly StreamAttachment[],
): UdpPort {
  const { split, affinity } = oldest(attachments)?.plain ?? NO_TARGETS;
  return { protocol: "UDP", port: listener.spec.port, sourceRanges: [], affinity, split };
}

/**
 * The chains of a TLS listener, by server name. Names of narrower listeners of the port are cut
 * out, and where no route takes the listener's own name its connections are reset.
 */
export function tlsChains(
  listener: PlannedListener,
  attachments: readonly StreamAttachment[],
  portHosts: ReadonlySet<string>,
): readonly Chain[] {
  const owners = new Map<string, PlannedStreamRoute | undefined>();
  if (wildcardsOver(listener.host).some((wide) => portHosts.has(wide))) {
    owners.set(listener.host, undefined);
  }
  for (const { planned, hosts } of attachments.toSorted(byRouteAge)) {
    for (const host of hosts) {
      if (narrowest(portHosts, host) !== listener.host) continue;
      if (owners.get(host) === undefined) owners.set(host, planned);
    }
  }
  return [...chainHosts(owners)].map(({ planned, serverNames }) =>
    tlsChain(listener, planned, serverNames)
  ).toSorted((a, b) => compareText(a.serverNames[0] ?? "", b.serverNames[0] ?? ""));
}

function byRouteAge(a: StreamAttachment, b: StreamAttachment): number {
  return byAge(a.planned.route, b.planned.route);
}

interface ChainHosts {
  readonly planned: PlannedStreamRoute | undefined;
  readonly serverNames: readonly string[];
}

/** Names of one route share a chain; "every name" stands alone, as it has no server names. */
function chainHosts(
  owners: ReadonlyMap<string, PlannedStreamRoute | undefined>,
): readonly ChainHosts[] {
  const byRoute = new Map<PlannedStreamRoute | undefined, string[]>();
  const chains: ChainHosts[] = [];
  for (const [host, planned] of owners) {
    const names = byRoute.get(planned);
    if (host === ANY_HOST) chains.push({ planned, serverNames: [] });
    else if (names === undefined) byRoute.set(planned, [host]);
    else names.push(host);
  }
  for (const [planned, names] of byRoute) chains.push({ planned, serverNames: names.toSorted() });
  return chains;
}

function tlsChain(
  { spec, tls }: PlannedListener,
  planned: PlannedStreamRoute | undefined,
  serverNames: readonly string[],
): Chain {
  const passes = spec.tls?.mode === "Passthrough";
  return {
    name: spec.name,
    serverNames,
    peek: passes,
    ...(!passes && tls && { tls }),
    serve: serve(passes ? planned?.passed : planned?.plain),
  };
}

function serve(targets: StreamTargets = NO_TARGETS): TcpServe {
  return { kind: "tcp", affinity: targets.affinity, split: targets.split };
}
