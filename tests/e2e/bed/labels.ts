/** Labels on everything that the bed creates: kind's own, and ours to find it again. */

/** kind's label with the cluster's name. */
export const KIND_CLUSTER = "io.x-k8s.kind.cluster";

/** kind's label with the node's role. */
export const KIND_ROLE = "io.x-k8s.kind.role";

/** Marks whatever the bed made; its value tells who made it, see {@link bedOwner}. */
export const BED = "berth.dev/bed";

/** BERTH_BED_OWNER, so that a CI run finds (and cleans) its own only; else this process's id. */
export function bedOwner(): string {
  return Deno.env.get("BERTH_BED_OWNER") ?? `pid-${Deno.pid}`;
}

/** Cluster of a node or of a Pod's container. */
export const BED_CLUSTER = "berth.dev/bed-cluster";

/** `cluster/namespace/pod/container` of a Pod's container, for exec and logs. */
export const BED_CONTAINER = "berth.dev/bed-container";

/** UID of the Pod that a container belongs to. */
export const BED_POD = "berth.dev/bed-pod";

/** Version key of an imported image. */
export const BED_IMAGE = "berth.dev/bed-image";

/** Arguments that put labels on a container, network or image. */
export function labelArgs(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
}
