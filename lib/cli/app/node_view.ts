import type { ClusterNode } from "../../clusters/mod.ts";
import type { JobNode } from "../../dispatch/types.ts";
import type { Node } from "../../kube/types.ts";
import { isEligible } from "../../services/mod.ts";

/**
 * Nodes as planners and planes need them: containers say which run, the API says which may take
 * traffic. While the API does not know a container's node, it is not eligible; nodes without a
 * container are told as up.
 */
export function nodeView(
  containers: readonly ClusterNode[] | undefined,
  nodes: ReadonlyMap<string, Node>,
): readonly JobNode[] {
  if (containers === undefined) {
    return [...nodes.values()].map((node) => ({
      name: node.metadata.name,
      up: true,
      eligible: isEligible(node),
      ...networkOf(node),
    })).toSorted(byName);
  }
  return containers.map(({ name, container, up }) => {
    const node = nodes.get(name);
    const eligible = node !== undefined && isEligible(node);
    return { name, container, up, eligible, ...networkOf(node) };
  }).toSorted(byName);
}

/** Text that differs when a plan may come out differently: who is there and may announce. */
export function planRelevant(nodes: readonly JobNode[]): string {
  return nodes.map(({ name, eligible }) => `${name}:${eligible}`).join(" ");
}

/** How its Pods are reached. */
function networkOf(node: Node | undefined): Pick<JobNode, "addresses" | "podCidrs"> {
  const addresses = (node?.status?.addresses ?? [])
    .flatMap(({ type, address }) => type === "InternalIP" ? [address] : []);
  const podCidrs = node?.spec?.podCIDRs ?? [];
  return {
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(podCidrs.length === 0 ? {} : { podCidrs }),
  };
}

/** Families of the Pods: `IPv4 IPv6`; empty while no node tells. */
export function podFamilies(nodes: readonly JobNode[]): string {
  const cidrs = nodes.flatMap(({ podCidrs }) => podCidrs ?? []);
  return [...new Set(cidrs.map((cidr) => cidr.includes(":") ? "IPv6" : "IPv4"))].toSorted()
    .join(" ");
}

function byName(a: JobNode, b: JobNode): number {
  return a.name < b.name ? -1 : 1;
}
