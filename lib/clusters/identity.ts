import { controlPlanes } from "./diff_clusters.ts";
import type { KindCluster } from "./types.ts";

/** Names one incarnation of a cluster: 32 hex digits over its CA and control-plane containers. */
export async function clusterIdentity(cluster: KindCluster, ca: string): Promise<string> {
  const parts = [ca.trim(), ...[...controlPlanes(cluster)].sort()].join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return new Uint8Array(digest).toHex().slice(0, 32);
}
