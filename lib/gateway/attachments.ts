import { ownMember } from "../core/mod.ts";
import { domainProblem } from "../proxy/mod.ts";
import { hostOf, intersection } from "./hostnames.ts";
import type { ListenerOwner, PlannedListener } from "./listener_types.ts";
import { admits } from "./listener_sets.ts";
import { GATEWAY_GROUP, nameOf, pathOf } from "./names.ts";
import type { GatewayInput } from "./plan_types.ts";
import { type Problem, problem } from "./problem.ts";
import type { Labels } from "../core/mod.ts";
import type { ParentReference, Route } from "./types.ts";

/** A listener that a route is attached to, and the hosts that both take. */
export interface Attachment {
  readonly listener: PlannedListener;
  readonly hosts: readonly string[];
}

/** What comes of one of a route's parent references to this Gateway. */
export interface ParentOutcome {
  readonly ref: ParentReference;
  /** Why it attaches to nothing. */
  readonly refused: Problem | undefined;
  readonly attached: readonly Attachment[];
  /** Why it brings no traffic though it is attached; absent when it does. */
  readonly idle?: Problem;
}

/** What routes may attach to. */
export interface Parents {
  /** Listeners by owner: `Gateway/ns/name`, `ListenerSet/ns/name`. */
  readonly listeners: ReadonlyMap<string, readonly PlannedListener[]>;
  /** Owners that are this Gateway's but serve nothing, with the reason. */
  readonly closed: ReadonlyMap<string, Problem>;
  readonly namespaces: GatewayInput["namespaces"];
}

/** Groups listeners by owner, for {@link attach}. */
export function listenersByOwner(
  listeners: readonly PlannedListener[],
): ReadonlyMap<string, readonly PlannedListener[]> {
  const found = new Map<string, PlannedListener[]>();
  for (const one of listeners) {
    const list = found.get(ownerKey(one.owner));
    if (list === undefined) found.set(ownerKey(one.owner), [one]);
    else list.push(one);
  }
  return found;
}

/** `Gateway/ns/name` or `ListenerSet/ns/name`. */
export function ownerKey({ kind, path }: Pick<ListenerOwner, "kind" | "path">): string {
  return `${kind}/${path}`;
}

/** Outcomes for those parent references of a route that name this Gateway or its ListenerSets. */
export function attach(route: Route, parents: Parents): readonly ParentOutcome[] {
  return (route.spec.parentRefs ?? []).flatMap((ref) => {
    const owner = refOwner(ref, route);
    const closed = parents.closed.get(owner);
    if (closed !== undefined) return [{ ref, refused: closed, attached: [] }];
    const listeners = parents.listeners.get(owner);
    return listeners === undefined ? [] : [attachTo(ref, { route, listeners, parents })];
  });
}

function refOwner(ref: ParentReference, route: Route): string {
  const kind = ref.kind ?? "Gateway";
  if ((ref.group ?? GATEWAY_GROUP) !== GATEWAY_GROUP) return "";
  return `${kind}/${
    pathOf({ namespace: ref.namespace ?? nameOf(route).namespace, name: ref.name })
  }`;
}

interface Candidates {
  readonly route: Route;
  readonly listeners: readonly PlannedListener[];
  readonly parents: Parents;
}

function attachTo(ref: ParentReference, { route, listeners, parents }: Candidates): ParentOutcome {
  const named = listeners.filter(({ spec }) =>
    (ref.sectionName === undefined || ref.sectionName === spec.name) &&
    (ref.port === undefined || ref.port === spec.port)
  );
  if (named.length === 0) return refusal(ref, noParent(ref));
  const { namespace } = nameOf(route);
  const labels = ownMember(parents.namespaces, namespace) ?? {};
  const open = named.filter((one) => allows(one, { route, namespace, labels }));
  if (open.length === 0) return refusal(ref, notAllowed(route, named));
  const hosts = hostsOf(route);
  const attached = open.flatMap((listener) => {
    const common = commonHosts(listener.host, hosts);
    return common.length === 0 ? [] : [{ listener, hosts: common }];
  });
  return attached.length === 0
    ? refusal(ref, noHost(hosts, open))
    : { ref, refused: undefined, attached };
}

function refusal(ref: ParentReference, refused: Problem): ParentOutcome {
  return { ref, refused, attached: [] };
}

interface Guest {
  readonly route: Route;
  readonly namespace: string;
  readonly labels: Labels;
}

function allows(listener: PlannedListener, { route, namespace, labels }: Guest): boolean {
  const home = nameOf(listener.owner.object).namespace;
  const rule = listener.spec.allowedRoutes?.namespaces ?? {};
  return listener.kinds.includes(route.kind) && admits(rule, { home, namespace, labels });
}

/** Hosts that a route wants: every one where it names none, or cannot. */
function hostsOf(route: Route): readonly string[] {
  const hostnames = route.spec.hostnames ?? [];
  if (hostnames.length === 0) return [hostOf(undefined)];
  const hosts = [...new Set(hostnames.map(hostOf))];
  // with none that can be, the route is refused for that: see `withHostnames`
  const usable = hosts.filter((host) => domainProblem(host) === undefined);
  return usable.length === 0 ? hosts : usable;
}

function commonHosts(listener: string, hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts.flatMap((host) => intersection(listener, host) ?? []))];
}

function noParent({ sectionName, port }: ParentReference): Problem {
  const wanted = [
    ...(sectionName === undefined ? [] : [`the name "${sectionName}"`]),
    ...(port === undefined ? [] : [`port ${port}`]),
  ];
  const message = wanted.length === 0
    ? "the parent has no listener: add one"
    : `no listener of the parent has ${wanted.join(" and ")}: correct sectionName or port`;
  return problem("NoMatchingParent", message);
}

function notAllowed(route: Route, listeners: readonly PlannedListener[]): Problem {
  const names = listeners.map(({ spec }) => `"${spec.name}"`).join(", ");
  const { namespace } = nameOf(route);
  const byKind = listeners.every(({ kinds }) => !kinds.includes(route.kind));
  const what = byKind ? `kind ${route.kind}` : `routes of namespace ${namespace}`;
  const field = byKind ? "protocol and allowedRoutes.kinds" : "allowedRoutes.namespaces";
  return problem("NotAllowedByListeners", `${what} may not attach to ${names}: see ${field}`);
}

function noHost(hosts: readonly string[], listeners: readonly PlannedListener[]): Problem {
  const theirs = listeners.map(({ host }) => host).join(", ");
  const message = `hostnames ${hosts.join(", ")} have nothing in common with those of the ` +
    `listeners (${theirs}): change either`;
  return problem("NoMatchingListenerHostname", message);
}
