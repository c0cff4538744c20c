import type { IpFamily } from "../proxy/types.ts";

/** An address for keepalived, with the Service behind it. */
export interface Vip {
  /** Canonical text. */
  readonly address: string;
  readonly family: IpFamily;
  /** `namespace/name`; absent for an address alone. */
  readonly service?: string;
  /** Absent with the Service. */
  readonly method?: "NAT" | "DR" | "PROXY";
}

/** What the entries of a VIP ConfigMap mean. */
export interface VipList {
  /** Sorted by family and value. */
  readonly vips: readonly Vip[];
  /** Entries that say nothing keepalived can do, as sentences. */
  readonly problems: readonly string[];
}

/** How this node takes part in VRRP (RFC 9568). */
export interface VrrpOptions {
  /** Network interface that carries the addresses. */
  readonly iface: string;
  /** 1..255, the same on all nodes. */
  readonly vrid: number;
  /** 1..254, the highest one leads. */
  readonly priority: number;
  readonly state: "BACKUP" | "MASTER";
  /** Seconds between advertisements; hundredths count. */
  readonly advertInterval: number;
  /** Absent: multicast. */
  readonly unicast?: {
    /** Addresses of this node, at most one of each family. */
    readonly sources: readonly string[];
    readonly peers: readonly string[];
  };
}

/** A port of an address that LVS spreads over backends. */
export interface VirtualServer {
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly method: "NAT" | "DR";
  readonly backends: readonly { readonly address: string; readonly port: number }[];
}
