import { stableJson } from "../core/mod.ts";
import type { ClusterChange, KindCluster } from "./types.ts";

/** Known clusters by name. */
export type Clusters = ReadonlyMap<string, KindCluster>;

/** What a complete listing changes; removals come first, so that their addresses are free again. */
export function diffClusters(
  known: Clusters,
  listed: readonly KindCluster[],
): readonly ClusterChange[] {
  const present = new Set(listed.map(({ name }) => name));
  const removed = [...known.values()]
    .filter(({ name }) => !present.has(name))
    .map((cluster): ClusterChange => ({ kind: "removed", cluster }));
  return [...removed, ...listed.flatMap((cluster) => change(known.get(cluster.name), cluster))];
}

function change(before: KindCluster | undefined, cluster: KindCluster): readonly ClusterChange[] {
  if (before === undefined) return [{ kind: "added", cluster }];
  if (!isSameCluster(before, cluster)) return [{ kind: "recreated", cluster, before }];
  if (stableJson(before) === stableJson(cluster)) return [];
  return [{ kind: "changed", cluster, before }];
}

/** A cluster lives on as long as one of its control-plane containers does. */
function isSameCluster(a: KindCluster, b: KindCluster): boolean {
  const ids = new Set(controlPlanes(a));
  return controlPlanes(b).some((id) => ids.has(id));
}

/** Container ids of a cluster's control planes. */
export function controlPlanes({ nodes }: KindCluster): readonly string[] {
  return nodes.filter(({ role }) => role === "control-plane").map(({ container }) => container);
}
