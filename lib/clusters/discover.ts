import type { Container, HostPort } from "../runtime/types.ts";
import { CLUSTER_LABEL, DESKTOP_PORT_LABEL, PROVIDER_LABELS, ROLE_LABEL } from "./labels.ts";
import type { ApiContainer, ClusterNode, KindCluster, NodeRole } from "./types.ts";

const API_PORT = "6443/tcp";

/** Options of {@link discoverClusters}. */
export interface DiscoverOptions {
  /** The network that the user configured for kind; else the containers tell. */
  readonly network?: string | undefined;
}

/**
 * Groups containers into kind clusters, sorted by name.
 *
 * A cluster without any control-plane container is being created or deleted and is left out;
 * stopped clusters are found, with their nodes down.
 */
export function discoverClusters(
  containers: readonly Container[],
  { network }: DiscoverOptions = {},
): readonly KindCluster[] {
  const groups = Map.groupBy(containers.filter(isMember), (one) => one.labels[CLUSTER_LABEL] ?? "");
  return [...groups]
    .map(([name, members]) => toCluster(name, members, network))
    .filter((cluster) => cluster !== undefined)
    .sort(byName);
}

/** True when a container is a node or load balancer of a kind cluster. */
export function isMember({ labels }: Pick<Container, "labels">): boolean {
  if (PROVIDER_LABELS.some((label) => label in labels)) return false;
  return (labels[CLUSTER_LABEL] ?? "") !== "" && roleOf(labels) !== undefined;
}

function toCluster(
  name: string,
  members: readonly Container[],
  configured: string | undefined,
): KindCluster | undefined {
  const network = clusterNetwork(members, configured);
  const nodes = members
    .flatMap((one) => toNode(one, network))
    .sort((a, b) => rank(a.role) - rank(b.role) || byName(a, b));
  const first = nodes.find(({ role, up }) => role === "control-plane" && up) ?? nodes[0];
  if (first?.role !== "control-plane") return undefined;
  const api = members.find((one) => roleOf(one.labels) === "external-load-balancer") ??
    members.find(({ id }) => id === first.container);
  return api && { name, network, nodes, api: toApi(api) };
}

function toNode(container: Container, network: string): readonly ClusterNode[] {
  const role = roleOf(container.labels);
  if (role === undefined || role === "external-load-balancer") return [];
  const { id, name, running } = container;
  const addresses = running ? container.networks[network] : undefined;
  return [{ name, container: id, role, up: running, ...addresses }];
}

function toApi(container: Container): ApiContainer {
  const published = publishedApi(container);
  return {
    name: container.name,
    container: container.id,
    up: container.running,
    ...(published ? { published } : {}),
  };
}

function publishedApi({ labels, ports }: Container): HostPort | undefined {
  return parseHostPort(labels[DESKTOP_PORT_LABEL] ?? "") ?? ports[API_PORT];
}

/** `address:port` or `[address]:port`. */
function parseHostPort(text: string): HostPort | undefined {
  const [, address, digits] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  if (address === undefined || digits === undefined) return undefined;
  return { address: address.replace(/^\[(.*)\]$/, "$1"), port: Number(digits) };
}

/**
 * The configured network where a member is on it, else the one that most members share; kind's own
 * default and then the first name win a draw.
 */
function clusterNetwork(members: readonly Container[], configured: string | undefined): string {
  const counts = new Map<string, number>();
  for (const name of members.flatMap(({ networks }) => Object.keys(networks))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (configured && (counts.has(configured) || counts.size === 0)) return configured;
  const [best] = [...counts].sort(([a, countA], [b, countB]) =>
    countB - countA || Number(b === "kind") - Number(a === "kind") || (a < b ? -1 : 1)
  );
  return best?.[0] ?? "kind";
}

function roleOf(labels: Container["labels"]): NodeRole | "external-load-balancer" | undefined {
  const role = labels[ROLE_LABEL];
  return role === "control-plane" || role === "worker" || role === "external-load-balancer"
    ? role
    : undefined;
}

function rank(role: NodeRole): number {
  return role === "control-plane" ? 0 : 1;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
