export type * from "./types.ts";
export { connectCluster, type ConnectClusterOptions } from "./connect_cluster.ts";
export { connectOnce, type ConnectOptions } from "./connect.ts";
export { discoverClusters, type DiscoverOptions } from "./discover.ts";
export { CLUSTER_LABEL, ROLE_LABEL } from "./labels.ts";
export {
  ClusterLock,
  type ClusterLockOptions,
  isClusterServed,
  type LockEngine,
} from "./cluster_lock.ts";
export { configuredNetwork } from "./network_name.ts";
export { watchClusters, type WatchClustersOptions } from "./watch_clusters.ts";
