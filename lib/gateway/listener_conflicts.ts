import { wildcardsOver } from "./hostnames.ts";
import type { ListenerClass, PlannedListener } from "./listener_types.ts";
import { type Problem, problem } from "./problem.ts";

/** The part of a listener that decides whether it can share a port. */
export type PortUse = Pick<PlannedListener, "key" | "owner" | "spec" | "host" | "class">;

interface Taken {
  readonly class: ListenerClass;
  readonly hosts: Set<string>;
}

/**
 * Listeners that cannot be told apart, by key. An owner's listeners give way to those of owners
 * that come before it; among those of one owner nobody wins (Gateway API, distinct listeners).
 */
export function conflicts(listeners: readonly PortUse[]): ReadonlyMap<string, Problem> {
  const found = new Map<string, Problem>();
  const taken = new Map<string, Taken>();
  for (const group of byOwner(listeners)) {
    for (const one of group) note(found, one, againstEarlier(one, taken));
    const rest = group.filter(({ key }) => !found.has(key));
    for (const one of rest) note(found, one, againstSiblings(one, rest));
    for (const one of rest) if (!found.has(one.key)) take(taken, one);
  }
  return found;
}

/** Keys of HTTPS listeners that have host names in common with another one of their port. */
export function overlaps(listeners: readonly PortUse[]): ReadonlySet<string> {
  const secure = listeners.filter((one) => one.spec.protocol === "HTTPS");
  const keys = new Map(secure.map((one) => [`${one.spec.port}/${one.host}`, one.key]));
  const found = new Set<string>();
  for (const one of secure) {
    for (const wildcard of wildcardsOver(one.host)) {
      const other = keys.get(`${one.spec.port}/${wildcard}`);
      if (other !== undefined) found.add(one.key).add(other);
    }
  }
  return found;
}

function byOwner(listeners: readonly PortUse[]): readonly (readonly PortUse[])[] {
  const groups = new Map<string, PortUse[]>();
  for (const one of listeners) {
    if (one.class === undefined) continue; // takes no port
    const owner = `${one.owner.kind}/${one.owner.path}`;
    groups.set(owner, [...groups.get(owner) ?? [], one]);
  }
  return [...groups.values()];
}

function note(found: Map<string, Problem>, one: PortUse, what: Problem | undefined): void {
  if (what !== undefined) found.set(one.key, what);
}

function againstEarlier(one: PortUse, taken: ReadonlyMap<string, Taken>): Problem | undefined {
  const there = taken.get(portKey(one));
  if (there === undefined) return undefined;
  if (there.class !== one.class) return protocolConflict(one);
  return there.hosts.has(one.host) ? sameHost(one) : undefined;
}

function againstSiblings(one: PortUse, siblings: readonly PortUse[]): Problem | undefined {
  const others = siblings.filter((other) =>
    other.key !== one.key && portKey(other) === portKey(one)
  );
  if (others.some((other) => other.class !== one.class)) return protocolConflict(one);
  return others.some((other) => other.host === one.host) ? sameHost(one) : undefined;
}

function take(taken: Map<string, Taken>, one: PortUse): void {
  if (one.class === undefined) return;
  const there = taken.get(portKey(one)) ?? { class: one.class, hosts: new Set() };
  there.hosts.add(one.host);
  taken.set(portKey(one), there);
}

function portKey(one: PortUse): string {
  return `${one.class === "udp" ? "UDP" : "TCP"}/${one.spec.port}`;
}

function protocolConflict({ spec }: PortUse): Problem {
  const message =
    `port ${spec.port} cannot serve protocol ${spec.protocol} beside those of other ` +
    `listeners: choose another port`;
  return problem("ProtocolConflict", message);
}

function sameHost(one: PortUse): Problem {
  if (one.class === "tcp" || one.class === "udp") return protocolConflict(one);
  const { port, hostname } = one.spec;
  const host = hostname === undefined ? "without a hostname" : `for hostname "${hostname}"`;
  const message = `port ${port} has another listener ${host}: choose another hostname or port`;
  return problem("HostnameConflict", message);
}
