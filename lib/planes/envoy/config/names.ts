import { hash32, stableJson } from "../../../core/mod.ts";
import type { Chain, RoutePort, UdpPort } from "../../../proxy/types.ts";

/** A cluster that never exists: requests sent to it are answered with 500, connections reset. */
export const MISSING_CLUSTER = "berth-missing";

/** Name of the Envoy listener of a port on one of its addresses. */
export function listenerName(port: RoutePort, address: string): string {
  return `${port.protocol.toLowerCase()}-${port.port}-${address}`;
}

/** The port that a listener's name tells, or undefined when it is not ours. */
export function portOfListener(name: string): number | undefined {
  const found = /^(?:tcp|udp)-(\d+)-/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Name of a chain, the only one of this name on its port; stays when others come and go. */
export function chainName(port: RoutePort, chain: Chain): string {
  const identity = [chain.name, chain.serverNames, chain.peek, port.addresses ?? []];
  return `${port.port}-${fileWord(chain.name, stableJson(identity))}`;
}

/** Name of the route configuration of a chain: its own, or that which it shares. */
export function routesName(port: RoutePort, chain: Chain): string {
  const shared = chain.serve.kind === "http" ? chain.serve.shared : undefined;
  if (shared === undefined) return chainName(port, chain);
  return `${port.port}-${fileWord(shared, stableJson([shared, port.addresses ?? []]))}`;
}

/** File of the route configuration of this name. */
export function routesFile(name: string): string {
  return `rds-${name}.json`;
}

/** The port that the name of a route configuration tells, or undefined when it is not ours. */
export function portOfRoutes(name: string): number | undefined {
  const found = /^(\d+)-/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Name of the cluster that holds all endpoints of a UDP port. */
export function udpClusterName(port: UdpPort): string {
  return `berth-udp-${port.port}${
    port.addresses === undefined ? "" : `-${port.addresses.join("-")}`
  }`;
}

/**
 * A word for file names, and for names that are part of statistics: what a person can read of
 * `text`, and a hash of `identity`, so that different ones never meet.
 */
export function fileWord(text: string, identity: string = text): string {
  const readable = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${readable.slice(0, 60)}-${hash64(identity)}`;
}

/** A version that follows from a text. */
export function hash64(text: string): string {
  const parts = [hash32(text), hash32(`${text.length}:${text}`)];
  return parts.map((part) => part.toString(16).padStart(8, "0")).join("");
}

/** A name as statistics have it. */
export function statName(name: string): string {
  return name.replaceAll(":", "_");
}
