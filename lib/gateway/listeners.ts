import { ownMember } from "../core/mod.ts";
import { domainProblem } from "../proxy/mod.ts";
import { ANY_HOST, hostOf } from "./hostnames.ts";
import { conflicts, overlaps } from "./listener_conflicts.ts";
import { listenerTls } from "./listener_tls.ts";
import type { ListenerClass, ListenerOwner, PlannedListener } from "./listener_types.ts";
import type { Lookups } from "./lookups.ts";
import { GATEWAY_GROUP, nameOf, pathOf } from "./names.ts";
import { joined, type Problem, problem } from "./problem.ts";
import type { Referrer } from "./tls_objects.ts";
import type { Gateway, GatewayListener, ListenerSet, RouteKind } from "./types.ts";

/** What each protocol serves. */
const PROTOCOLS: Readonly<
  Record<string, { readonly class: ListenerClass; readonly kinds: readonly RouteKind[] }>
> = {
  HTTP: { class: "http", kinds: ["HTTPRoute", "GRPCRoute"] },
  HTTPS: { class: "tls", kinds: ["HTTPRoute", "GRPCRoute"] },
  TLS: { class: "tls", kinds: ["TLSRoute"] },
  TCP: { class: "tcp", kinds: ["TCPRoute"] },
  UDP: { class: "udp", kinds: ["UDPRoute"] },
};

/** Whose listeners are planned, the Gateway first, then its ListenerSets by precedence. */
export interface ListenerInput {
  readonly gateway: Gateway;
  /** Allowed ones alone, oldest first. */
  readonly listenerSets: readonly ListenerSet[];
  readonly lookups: Lookups;
}

/** Every listener that the Gateway has, in order of precedence, with what is wrong with each. */
export function planListeners(input: ListenerInput): readonly PlannedListener[] {
  const { gateway, listenerSets } = input;
  const owners: readonly ListenerOwner[] = [
    { kind: "Gateway", path: pathOf(nameOf(gateway)), object: gateway },
    ...listenerSets.map((object) => ({
      kind: "ListenerSet" as const,
      path: pathOf(nameOf(object)),
      object,
    })),
  ];
  const single = owners.flatMap((owner) =>
    (owner.object.spec.listeners ?? []).map((spec) => planListener(spec, owner, input))
  );
  const clashes = conflicts(single.filter(({ refused }) => refused?.reason !== "UnsupportedValue"));
  const shared = overlaps(single.filter(({ key }) => !clashes.has(key)));
  return single.map((one) => ({
    ...one,
    conflict: clashes.get(one.key),
    overlapping: shared.has(one.key),
  }));
}

function planListener(
  spec: GatewayListener,
  owner: ListenerOwner,
  input: ListenerInput,
): PlannedListener {
  const protocol = ownMember(PROTOCOLS, spec.protocol);
  const kinds = allowedKinds(spec, protocol?.kinds ?? []);
  const tls = listenerTls(spec, {
    owner: referrer(owner.kind, owner.object, input.lookups),
    gateway: input.gateway,
    gatewayReferrer: referrer("Gateway", input.gateway, input.lookups),
  });
  return {
    key: `${owner.kind}/${owner.path}/${spec.name}`,
    owner,
    spec,
    host: protocol?.class === "http" || protocol?.class === "tls" ? hostOf(spec.hostname) : "*",
    class: protocol?.class,
    kinds: kinds.kinds,
    refused: fieldProblem(spec) ?? tls.refused,
    unresolved: joined([kinds.unresolved, tls.unresolved].flatMap((one) => one ?? [])),
    conflict: undefined,
    overlapping: false,
    tls: tls.tls,
    certificates: tls.certificates,
    authority: tls.authority,
  };
}

function referrer(kind: string, object: Gateway | ListenerSet, lookups: Lookups): Referrer {
  return { kind, namespace: nameOf(object).namespace, lookups };
}

function fieldProblem(spec: GatewayListener): Problem | undefined {
  if (ownMember(PROTOCOLS, spec.protocol) === undefined) {
    const message = `protocol "${spec.protocol}" is not served: choose one of ` +
      `${Object.keys(PROTOCOLS).join(", ")}`;
    return problem("UnsupportedProtocol", message);
  }
  if (!(spec.port >= 1 && spec.port <= 65535)) { // absent in a ListenerSet: NaN and undefined too
    return problem(
      "UnsupportedValue",
      `listener "${spec.name}" has no usable port: set 1 to 65535`,
    );
  }
  const host = hostProblem(spec);
  if (host !== undefined) return problem("UnsupportedValue", host);
  if (spec.protocol === "HTTPS" && spec.tls?.mode === "Passthrough") {
    const message = `tls.mode Passthrough does not go with protocol HTTPS: use protocol TLS`;
    return problem("UnsupportedValue", message);
  }
  return undefined;
}

function hostProblem({ protocol, hostname }: GatewayListener): string | undefined {
  const host = hostOf(hostname);
  if (host === ANY_HOST || protocol === "TCP" || protocol === "UDP") return undefined;
  const wrong = domainProblem(host);
  return wrong === undefined ? undefined : `hostname ${wrong}`;
}

interface Kinds {
  readonly kinds: readonly RouteKind[];
  readonly unresolved: Problem | undefined;
}

function allowedKinds(spec: GatewayListener, possible: readonly RouteKind[]): Kinds {
  const wanted = spec.allowedRoutes?.kinds ?? [];
  if (wanted.length === 0) return { kinds: possible, unresolved: undefined };
  const names = wanted.map(({ group, kind }) =>
    (group ?? GATEWAY_GROUP) === GATEWAY_GROUP ? kind : ""
  );
  const kinds = possible.filter((kind) => names.includes(kind));
  const wrong = wanted.filter((_, at) => !possible.some((kind) => kind === names[at]));
  if (wrong.length === 0 || possible.length === 0) return { kinds, unresolved: undefined };
  const list = wrong.map(({ kind }) => kind).join(", ");
  const message = `allowedRoutes.kinds has ${list}, but protocol ${spec.protocol} serves ` +
    `${possible.join(", ")}: name those`;
  return { kinds, unresolved: problem("InvalidRouteKinds", message) };
}
