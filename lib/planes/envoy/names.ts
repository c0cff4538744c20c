import { hash32 } from "../../core/mod.ts";

/** Label by which drop-in clean-up finds a container: the cluster that it was made for. */
export const CLUSTER_LABEL = "io.x-k8s.cloud-provider-kind.cluster";

/** Label that only berth sets. */
export const OWNER_LABEL = "berth.dev/owner";

/** Label that tells the edge from proxies. */
export const ROLE_LABEL = "berth.dev/role";

/** Label with the name of a proxy's directory. */
export const PROXY_LABEL = "berth.dev/proxy";

/** Label with the id of the container that a proxy joined. */
export const EDGE_LABEL = "berth.dev/edge";

/** Label with the ports that a container publishes: `80/tcp,53/udp`. */
export const PORTS_LABEL = "berth.dev/ports";

/** kind's label on the nodes of a cluster. */
export const NODE_LABEL = "io.x-k8s.kind.cluster";

/** Group that reads the files of proxies: that of Envoy in its own images. */
export const ENVOY_GROUP = 101;

/** What a container of ours is. */
export type Role = "edge" | "proxy" | "publisher";

/** Labels of a container of ours; they cannot change later, so they do not name what it serves. */
export function labelsOf(cluster: string, role: Role): Readonly<Record<string, string>> {
  return { [CLUSTER_LABEL]: cluster, [OWNER_LABEL]: "berth", [ROLE_LABEL]: role };
}

/** The labels as the engine filters by them. */
export function labelFilter(cluster: string, role: Role): readonly string[] {
  return Object.entries(labelsOf(cluster, role)).map(([name, value]) => `${name}=${value}`);
}

/** Name of the container that holds a cluster's addresses. */
export function edgeName(cluster: string): string {
  return `berth-${cluster}-edge`;
}

/** Name of the volume with the files of a cluster's proxies. */
export function volumeName(cluster: string): string {
  return `berth-${cluster}-envoy`;
}

/** Name of a proxy that serves nothing yet. */
export function spareName(cluster: string, id: string): string {
  return `berth-${cluster}-spare-${id}`;
}

/** Name of the proxy of a key: `berth-kind-gateway-shop-web`. */
export function proxyName(key: string): string {
  const readable = key.replaceAll(/[^A-Za-z0-9_.-]+/g, "-");
  const name = `berth-${readable}`;
  // keys such as a-b/c and a/b-c would meet
  return key.includes("-") ? `${name}-${hash32(key).toString(16).padStart(8, "0")}` : name;
}

/** Name of the container that publishes the ports of a key. */
export function publicationName(key: string): string {
  return `${proxyName(key)}-published`;
}

/**
 * Hardware address of a cluster's edge, always the same: neighbours that remember it stay right
 * when the container is made anew. Locally administered (IEEE 802, bit 1 of the first byte).
 */
export function edgeMac(cluster: string): string {
  const bytes = [hash32(`mac ${cluster}`), hash32(`${cluster} mac`)]
    .flatMap((hash) => [hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255]);
  return [0x02, ...bytes.slice(0, 5)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/**
 * User of a proxy. Each has one of its own: the kernel counts inotify instances by user
 * (`fs.inotify.max_user_instances`, often 128), and Envoy needs one for each file.
 */
export function proxyUser(id: string): number {
  return 10_000 + hash32(id) % 50_000;
}
