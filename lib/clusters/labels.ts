/** Label of every container that belongs to a kind cluster; its value is the cluster's name. */
export const CLUSTER_LABEL = "io.x-k8s.kind.cluster";

/** Label with a container's role in its kind cluster. */
export const ROLE_LABEL = "io.x-k8s.kind.role";

/** Label in which Docker Desktop keeps the host address of the published API port. */
export const DESKTOP_PORT_LABEL = "desktop.docker.io/ports/6443/tcp";

/** Labels of load balancer containers, ours and those of cloud-provider-kind: never nodes. */
export const PROVIDER_LABELS: readonly string[] = [
  "io.x-k8s.cloud-provider-kind.cluster",
  "berth.dev/owner",
];
