import type { EngineEvent } from "../runtime/types.ts";
import type { Clusters } from "./diff_clusters.ts";
import { isMember } from "./discover.ts";
import type { ClusterChange, ClusterNode, KindCluster } from "./types.ts";

/** What an engine event asks for. */
export interface EventDecision {
  /** Known at once, without listing. */
  readonly changes: readonly ClusterChange[];
  /** Whether to list: at once, when the burst of events is over, or not at all. */
  readonly list: "now" | "soon" | "no";
}

const NOTHING: EventDecision = { changes: [], list: "no" };

/**
 * Judges an event. A death is told from the event itself; a start needs the listing, which has the
 * new addresses.
 */
export function judgeEvent(known: Clusters, event: EngineEvent): EventDecision {
  if (event.kind === "resync") return { changes: [], list: "now" };
  if (event.kind === "network") {
    return owner(known, event.container) ? { changes: [], list: "soon" } : NOTHING;
  }
  const cluster = owner(known, event.id);
  if (!cluster && !isMember(event)) return NOTHING;
  if (event.action === "start") return { changes: [], list: "now" };
  if (event.action === "create" || !cluster) return { changes: [], list: "soon" };
  return { changes: withDead(cluster, event.id), list: "soon" };
}

function owner(known: Clusters, container: string): KindCluster | undefined {
  return known.values().find(({ api, nodes }) =>
    api.container === container || nodes.some((node) => node.container === container)
  );
}

function withDead(before: KindCluster, container: string): readonly ClusterChange[] {
  const nodes = before.nodes.map((node) => node.container === container ? down(node) : node);
  const api = before.api.container === container ? { ...before.api, up: false } : before.api;
  const wasUp = before.api.up !== api.up || before.nodes.some((node, at) => node !== nodes[at]);
  return wasUp ? [{ kind: "changed", cluster: { ...before, nodes, api }, before }] : [];
}

function down(node: ClusterNode): ClusterNode {
  if (!node.up) return node;
  const { ipv4: _ipv4, ipv6: _ipv6, ...rest } = node;
  return { ...rest, up: false };
}
