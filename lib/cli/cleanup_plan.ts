import type { Leftover, OwnedContainer } from "./ports.ts";

/** Label that drop-in clean-up goes by: the cluster that a container was made for. */
export const CLUSTER_LABEL = "io.x-k8s.cloud-provider-kind.cluster";

/** Label that only berth sets. */
export const OWNER_LABEL = "berth.dev/owner";

/** What a clean-up does. */
export interface CleanupPlan {
  /** Containers of dead clusters. */
  readonly remove: readonly Leftover[];
  /** Living clusters whose addresses are released. */
  readonly release: readonly string[];
}

/** What clean-up is asked for and what it found. */
export interface CleanupFacts {
  /** Clusters that have node containers. */
  readonly living: readonly string[];
  readonly owned: readonly OwnedContainer[];
  /** Clusters asked for; empty means every one. */
  readonly chosen: readonly string[];
  readonly all: boolean;
}

/** Decides what goes: only what carries both labels, and of living clusters only when asked. */
export function cleanupPlan({ living, owned, chosen, all }: CleanupFacts): CleanupPlan {
  const wanted = (cluster: string) => chosen.length === 0 || chosen.includes(cluster);
  return {
    remove: owned
      .filter(({ labels, cluster }) =>
        labels[OWNER_LABEL] !== undefined && labels[CLUSTER_LABEL] === cluster
      )
      .filter(({ cluster }) => wanted(cluster) && (all || !living.includes(cluster)))
      .map(({ id, name, cluster }) => ({ id, name, cluster }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    release: all ? living.filter(wanted).toSorted() : [],
  };
}
