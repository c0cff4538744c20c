import { requestedAddresses, unsupportedAddress, unusableAddresses } from "./addresses.ts";
import { attach, listenersByOwner, type ParentOutcome, type Parents } from "./attachments.ts";
import { planPolicies } from "./backend_policies.ts";
import { backendResolver, type ResolveBackend } from "./backends.ts";
import { planWebRoute } from "./http_routes.ts";
import { withIdle } from "./idle_routes.ts";
import { notAllowed } from "./listener_set_status.ts";
import { type SortedSets, sortSets } from "./listener_sets.ts";
import { isAccepted, type PlannedListener } from "./listener_types.ts";
import { planListeners } from "./listeners.ts";
import { type Lookups, lookups } from "./lookups.ts";
import { byAge, compareText, nameOf, pathOf } from "./names.ts";
import type { PlanFacts, RouteResult } from "./plan_facts.ts";
import type { GatewayInput, GatewayPlan } from "./plan_types.ts";
import { concernedPolicies } from "./policy_status.ts";
import { type Problem, problem } from "./problem.ts";
import { routeServices } from "./references.ts";
import { type ListenerRoute, type PlannedRoute, routeSpec } from "./route_spec.ts";
import { withHostnames } from "./route_hostnames.ts";
import { statusesOf } from "./statuses.ts";
import { planStreamRoute } from "./stream_routes.ts";
import { findKeyPair, type Found } from "./tls_objects.ts";
import type { Certificate } from "../proxy/types.ts";
import type { Gateway, Route } from "./types.ts";

/**
 * What one Gateway serves and what is told about it, decided from the objects alone. Equal objects
 * in another order give the same plan. Never throws for what the API server lets through: what
 * cannot be served becomes a condition.
 */
export function planGateway(input: GatewayInput): GatewayPlan {
  const found = lookups(input);
  const sets = sortSets(input);
  const listeners = planListeners({
    gateway: input.gateway,
    listenerSets: sets.allowed,
    lookups: found,
  });
  const book = planPolicies(input.policies, found);
  const client = clientCertificate(input.gateway, found);
  const clientCertificateOf = client !== undefined && "value" in client ? client.value : undefined;
  const resolve = backendResolver({
    lookups: found,
    policies: book,
    clientCertificate: clientCertificateOf,
  });
  const owners = listenersByOwner(listeners);
  const planned = planRoutes(input, { resolve, parents: parentsOf(input, sets, owners) });
  const byListener = routesByListener(planned);
  const routes = planned.map((one) => withIdle(one, byListener));
  const facts: PlanFacts = {
    input,
    refused: refusal(input.gateway, listeners),
    unresolved: client !== undefined && "problem" in client ? client.problem : undefined,
    unusable: unusableAddresses(input),
    sets,
    closed: new Set(sets.refused),
    listeners,
    owners,
    routes,
    attachedRoutes: new Map([...byListener].map(([key, list]) => [key, list.length])),
    policies: concernedPolicies({ book, lookups: found, used: usedServices(routes, found) }),
    book,
  };
  return {
    spec: facts.refused === undefined
      ? routeSpec({
        key: gatewayKey(input),
        addresses: input.addresses,
        listeners,
        routes: byListener,
      })
      : undefined,
    requested: requestedAddresses(input.gateway),
    infrastructure: infrastructureOf(input.gateway),
    statuses: (result) => statusesOf(facts, result),
  };
}

/** `<cluster>/gateway/<namespace>/<name>`: the key of a Gateway's proxy and addresses. */
export function gatewayKey(
  { cluster, gateway }: Pick<GatewayInput, "cluster" | "gateway">,
): string {
  return `${cluster}/gateway/${pathOf(nameOf(gateway))}`;
}

function refusal(gateway: Gateway, listeners: readonly PlannedListener[]): Problem | undefined {
  const parameters = gateway.spec.infrastructure?.parametersRef;
  if (parameters !== undefined) {
    const message = `spec.infrastructure.parametersRef names ${parameters.kind} ` +
      `"${parameters.name}", but berth has no parameters for Gateways: remove it`;
    return problem("InvalidParameters", message);
  }
  const address = unsupportedAddress(gateway);
  if (address !== undefined) return address;
  if (listeners.length === 0 || listeners.some(isAccepted)) return undefined;
  const sentences = listeners.map(({ spec, conflict, refused }) =>
    `listener "${spec.name}": ${(conflict ?? refused)?.message ?? ""}`
  );
  return problem("ListenersNotValid", sentences.join("; "));
}

function clientCertificate(gateway: Gateway, found: Lookups): Found<Certificate> | undefined {
  const ref = gateway.spec.tls?.backend?.clientCertificateRef;
  if (ref === undefined) return undefined;
  const { namespace } = nameOf(gateway);
  return findKeyPair(ref, { kind: "Gateway", namespace, lookups: found }, {
    notPermitted: "RefNotPermitted",
    kind: "InvalidClientCertificateRef",
    invalid: "InvalidClientCertificateRef",
  });
}

function infrastructureOf({ spec }: Gateway): GatewayPlan["infrastructure"] {
  const { labels = {}, annotations = {} } = spec.infrastructure ?? {};
  return { labels, annotations };
}

function parentsOf(
  input: GatewayInput,
  sets: SortedSets,
  owners: Parents["listeners"],
): Parents {
  const closed = sets.refused.map((set) => {
    const { message } = notAllowed(set);
    const path = pathOf(nameOf(set));
    return [`ListenerSet/${path}`, problem("NotAllowedByListeners", message)] as const;
  });
  const gateway = `Gateway/${pathOf(nameOf(input.gateway))}`;
  const byOwner = new Map(owners);
  if (!byOwner.has(gateway)) byOwner.set(gateway, []); // a Gateway may leave all to ListenerSets
  return { listeners: byOwner, closed: new Map(closed), namespaces: input.namespaces };
}

interface RouteContext {
  readonly resolve: ResolveBackend;
  readonly parents: Parents;
}

function planRoutes(
  input: GatewayInput,
  { resolve, parents }: RouteContext,
): readonly RouteResult[] {
  return input.routes.toSorted(byKindAndAge).flatMap((route) => {
    const outcomes = attach(route, parents);
    return outcomes.length === 0
      ? []
      : [{ route, planned: withHostnames(planRoute(route, resolve)), outcomes }];
  });
}

function byKindAndAge(a: Route, b: Route): number {
  return compareText(a.kind, b.kind) || byAge(a, b);
}

function planRoute(route: Route, resolve: ResolveBackend): PlannedRoute {
  switch (route.kind) {
    case "HTTPRoute":
    case "GRPCRoute":
      return planWebRoute(route, resolve);
    case "TLSRoute":
    case "TCPRoute":
    case "UDPRoute":
      return planStreamRoute(route, resolve);
  }
}

/** Each route once for a listener, however many of its references lead there. */
function routesByListener(
  routes: readonly RouteResult[],
): ReadonlyMap<string, readonly ListenerRoute[]> {
  const found = new Map<string, ListenerRoute[]>();
  for (const { planned, outcomes } of routes) {
    if (planned.refused !== undefined) continue;
    for (const [key, hosts] of attachedHosts(outcomes)) {
      const list = found.get(key);
      if (list === undefined) found.set(key, [{ planned, hosts }]);
      else list.push({ planned, hosts });
    }
  }
  return found;
}

function attachedHosts(outcomes: readonly ParentOutcome[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    outcomes.flatMap(({ attached }) => attached).map((
      { listener, hosts },
    ) => [listener.key, hosts]),
  );
}

/** Services (`ns/name`) that routes which are attached to something may use. */
function usedServices(
  routes: readonly RouteResult[],
  { permits }: Lookups,
): ReadonlySet<string> {
  const attached = routes.filter(({ outcomes }) => outcomes.some((one) => one.attached.length > 0));
  const named = attached.flatMap(({ route }) => routeServices(route)).filter(permits);
  return new Set(named.map(({ to }) => pathOf(to)));
}
