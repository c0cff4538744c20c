import type { Service } from "../kube/types.ts";

/** How LVS passes packets to backends, as kube-keepalived-vip reads it. */
export type ForwardMethod = "NAT" | "DR" | "PROXY";

/** The parts of the VIP ConfigMap (`core/v1`) that matter here. */
export interface VipConfigMap {
  /** Empty for a file. */
  readonly resourceVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** An address given to a Service, as the state annotation keeps it. */
export interface VipRecord {
  /** UID of the Service. */
  readonly uid: string;
  /** Canonical text of an address. */
  readonly ip: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent: kube-keepalived-vip's own default, NAT. */
  readonly method?: string;
}

/** What the state annotation holds. */
export interface VipState {
  readonly records: readonly VipRecord[];
  /** Entries that are no records; written back as they are. */
  readonly unreadable: readonly unknown[];
}

/** What was decided for a Service that wants an address. */
export interface VipOutcome {
  readonly service: Service;
  /** The address it has after the plan; absent when it has none. */
  readonly address?: string;
  readonly change: "created" | "moved" | "method" | "none";
  /** Why it did not get what it asked for; with an address: it keeps that one. */
  readonly problem?: string;
  /** Something to mend that does not keep the address away. */
  readonly warning?: string;
}

/** An address taken back. */
export interface VipRelease {
  readonly record: VipRecord;
  /** The Service, when it is still there but is no LoadBalancer any more. */
  readonly service?: Service;
}

/** What to do about the ConfigMap and the Services. */
export interface VipPlan {
  /** JSON merge patch that touches our keys alone; undefined when nothing changes. */
  readonly patch?: unknown;
  readonly outcomes: readonly VipOutcome[];
  readonly released: readonly VipRelease[];
}
