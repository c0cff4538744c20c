import type { HostPort } from "../runtime/types.ts";

/** What a node container does in its cluster; load balancers of HA clusters are no nodes. */
export type NodeRole = "control-plane" | "worker";

/** A node of a kind cluster, as the engine knows it. */
export interface ClusterNode {
  readonly name: string;
  /** Container id. */
  readonly container: string;
  readonly role: NodeRole;
  readonly up: boolean;
  /** Addresses on the cluster's network; absent while the node is stopped. */
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** The container that serves the API: the HA load balancer, else the first control plane. */
export interface ApiContainer {
  readonly name: string;
  readonly container: string;
  readonly up: boolean;
  /** Where the host publishes port 6443. */
  readonly published?: HostPort;
}

/** A kind cluster, as the engine's containers describe it. */
export interface KindCluster {
  readonly name: string;
  /** Engine network that joins the nodes. */
  readonly network: string;
  /** Control planes first, then by name. */
  readonly nodes: readonly ClusterNode[];
  readonly api: ApiContainer;
}

/** What became of a cluster. */
export type ClusterChange =
  | { readonly kind: "added"; readonly cluster: KindCluster }
  /** Nodes, addresses or the published port differ. */
  | { readonly kind: "changed"; readonly cluster: KindCluster; readonly before: KindCluster }
  /** Another cluster of the same name: nothing known of the old one holds. */
  | { readonly kind: "recreated"; readonly cluster: KindCluster; readonly before: KindCluster }
  | { readonly kind: "removed"; readonly cluster: KindCluster }
  /** Told once, after the changes of the first complete listing. */
  | { readonly kind: "listed"; readonly clusters: number };

/** What is needed to talk to a cluster's API server. Secret: never log it. */
export interface ClusterAccess {
  readonly cluster: string;
  /** CA and control-plane containers: differs after re-creation under the same name. */
  readonly identity: string;
  /** The endpoint that answered. */
  readonly server: string;
  /** Whether that endpoint is the cluster's own name or the port published on this host. */
  readonly via: EndpointKind;
  /** The API server's version, such as `v1.36.3`. */
  readonly version: string;
  /** A kubeconfig with one context, for that endpoint. */
  readonly kubeconfig: string;
}

/** How an endpoint reaches the API server. */
export type EndpointKind = "internal" | "external";

/** An address at which the API server may answer. */
export interface Endpoint {
  readonly kind: EndpointKind;
  readonly server: string;
}
