/** Transport protocols that a Service port may name (Kubernetes `core/v1` Protocol). */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** IP families (Kubernetes `core/v1` IPFamily). */
export type IpFamily = "IPv4" | "IPv6";

/** One place that answers: a Pod's address and port, and the node behind which it lives. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Node name; absent for endpoints outside the cluster. */
  readonly node?: string;
}

/** How clients are bound to endpoints; `client-ip` hashes the source address alone. */
export type Affinity = "none" | "client-ip";

/** One (address, protocol, port) that a plane serves. */
export interface Listener {
  readonly address: string;
  readonly family: IpFamily;
  readonly protocol: Protocol;
  readonly port: number;
  /** CIDRs of this family that may connect; empty means everybody. */
  readonly sourceRanges: readonly string[];
  /** True when the Service has ranges but none of this family: nobody may connect. */
  readonly closed: boolean;
  readonly affinity: Affinity;
  /** Sorted by address, then port. Empty: connections are refused. */
  readonly endpoints: readonly Endpoint[];
}

/** What one Service (later: Ingress, Gateway) asks of a plane. Planes read only this. */
export interface ProxySpec {
  /** `<cluster>/<namespace>/<name>`. */
  readonly key: string;
  readonly addresses: readonly string[];
  readonly listeners: readonly Listener[];
  /** Names of the nodes that may announce the addresses, sorted. */
  readonly announcers: readonly string[];
}
