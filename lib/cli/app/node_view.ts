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
    })).toSorted(byName);
  }
  return containers.map(({ name, container, up }) => {
    const node = nodes.get(name);
    return { name, container, up, eligible: node !== undefined && isEligible(node) };
  }).toSorted(byName);
}

/** Text that differs when a plan may come out differently: who is there and may announce. */
export function planRelevant(nodes: readonly JobNode[]): string {
  return nodes.map(({ name, eligible }) => `${name}:${eligible}`).join(" ");
}

function byName(a: JobNode, b: JobNode): number {
  return a.name < b.name ? -1 : 1;
}
