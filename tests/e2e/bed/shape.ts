/** What a cluster of the bed looks like: options, addresses and names, all computed, no I/O. */
import { join } from "node:path";
import { cacheDirectory } from "./cache.ts";

/** Address families of a cluster's nodes, Pods and Services. */
export type Family = "ipv4" | "ipv6" | "dual";

/** kube-proxy's back end. */
export type ProxyMode = "iptables" | "nftables";

/** How to make a cluster. Every default is kind's. */
export interface ClusterOptions {
  readonly name: string;
  /** Worker nodes; default 0, a single node. */
  readonly workers?: number;
  /** Control-plane nodes; with more than one, an external load balancer stands in front. */
  readonly controlPlanes?: number;
  /** 0-60 gives the cluster its own Pod and Service ranges; default 0, kind's ranges. */
  readonly index?: number;
  readonly family?: Family;
  readonly proxyMode?: ProxyMode;
  /** Keeps Pods off the control plane; default as kind: when there are workers. */
  readonly controlPlaneTaint?: boolean;
  /** Engine network; default KIND_EXPERIMENTAL_DOCKER_NETWORK, else "kind". */
  readonly network?: string;
}

/** A role in kind's label. */
export type Role = "control-plane" | "worker" | "external-load-balancer";

/** A container to make. */
export interface NodeShape {
  readonly name: string;
  readonly role: Role;
}

/** The cluster, every choice made. */
export interface ClusterShape {
  readonly name: string;
  readonly network: string;
  readonly family: Family;
  readonly proxyMode: ProxyMode;
  readonly controlPlaneTaint: boolean;
  readonly nodes: readonly NodeShape[];
  /** The Pod ranges, IPv4 first. */
  readonly podRanges: readonly string[];
  /** The Service ranges, IPv4 first. */
  readonly serviceRanges: readonly string[];
  /** First Service address of each family (the API server's own Service). */
  readonly apiServiceAddresses: readonly string[];
  /** Cluster address of DNS. */
  readonly dnsAddress: string;
  /** Folder on the host with kubeconfig, keys, logs and process ids. */
  readonly directory: string;
}

/** Makes every choice that the options leave open. */
export function shapeOf(options: ClusterOptions): ClusterShape {
  const { name, workers = 0, controlPlanes = 1, index = 0, family = "ipv4" } = options;
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`cluster name "${name}" is malformed`);
  if (index < 0 || index > 60) throw new Error(`index ${index} must be 0 to 60`);
  const pods = { ipv4: `10.${244 - index}.0.0/16`, ipv6: `fd00:10:${244 - index}::/56` };
  const services = { ipv4: `10.${96 + index}.0.0/16`, ipv6: `fd00:10:${96 + index}::/112` };
  const pick = (ranges: { ipv4: string; ipv6: string }) =>
    family === "dual" ? [ranges.ipv4, ranges.ipv6] : [ranges[family]];
  const bases = pick(services).map((range) => range.replace(/0?\/\d+$/, ""));
  return {
    name,
    network: options.network ?? Deno.env.get("KIND_EXPERIMENTAL_DOCKER_NETWORK") ?? "kind",
    family,
    proxyMode: options.proxyMode ?? "iptables",
    controlPlaneTaint: options.controlPlaneTaint ?? workers > 0,
    nodes: nodesOf(name, controlPlanes, workers),
    podRanges: pick(pods),
    serviceRanges: pick(services),
    apiServiceAddresses: bases.map((base) => `${base}1`),
    dnsAddress: bases.map((base) => base.includes(":") ? `${base}a` : `${base}10`)[0] ?? "",
    directory: clusterDirectory(name),
  };
}

/** The host's folder of a cluster. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), "beds", name);
}

/** Where clients reach the API server from inside the engine network. */
export function apiHost(shape: ClusterShape): NodeShape {
  const balancer = shape.nodes.find((node) => node.role === "external-load-balancer");
  const first = balancer ?? shape.nodes[0];
  if (first === undefined) throw new Error(`cluster "${shape.name}" has no node`);
  return first;
}

/** kind's names: `NAME-worker`, `NAME-worker2`, … */
function nodesOf(name: string, controlPlanes: number, workers: number): NodeShape[] {
  const several = (role: Role, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      name: `${name}-${role}${at === 0 ? "" : at + 1}`,
      role,
    }));
  return [
    ...several("control-plane", controlPlanes),
    ...several("worker", workers),
    ...several("external-load-balancer", controlPlanes > 1 ? 1 : 0),
  ];
}
