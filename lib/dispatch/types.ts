import type { IngressInput, IngressProblem, IngressStatusWrite } from "../ingress/types.ts";
import type { EndpointSlice, Service } from "../kube/types.ts";
import type { GatewayInput, GatewayPlan, GatewayStatuses } from "../gateway/plan_types.ts";
import type { PlaneName, PlaneNode, RoutesServed, Served } from "../planes/types.ts";

/** A node as the planner sees it: the plane's view plus whether it may announce addresses. */
export interface JobNode extends PlaneNode {
  /** No exclusion label, not being deleted, no removal taint. */
  readonly eligible: boolean;
}

/** Free addresses that a key may propose, on one version of the ledger. */
export interface AddressView {
  readonly version: number;
  /** Addresses the key already holds. */
  readonly held: readonly string[];
  /** Candidate addresses, best first; a few for each family. */
  readonly free: { readonly IPv4: readonly string[]; readonly IPv6: readonly string[] };
  /** Every pool's range, for messages: `172.18.255.0-172.18.255.255`. */
  readonly pools: readonly string[];
}

/** Work for a worker. A job names a key; its snapshot is built when it is sent. */
export type Job =
  | {
    readonly kind: "ensure";
    readonly key: string;
    readonly service: Service;
    readonly slices: readonly EndpointSlice[];
    readonly view: AddressView;
    readonly plane: PlaneName;
  }
  | GatewayJob
  | IngressJob
  | { readonly kind: "remove"; readonly key: string }
  /** What does the data path already carry? Asked once, before anything is allocated. */
  | { readonly kind: "list" };

/** Jobs of Services. */
export type ServiceJob = Exclude<Job, GatewayJob | IngressJob>;

/** One Gateway with everything that it depends on. */
export interface GatewayJob {
  readonly kind: "gateway";
  readonly key: string;
  readonly input: GatewayInput;
  readonly view: AddressView;
}

/** All Ingresses of a cluster with everything that they depend on. */
export interface IngressJob {
  readonly kind: "ingress";
  readonly key: string;
  readonly input: IngressInput;
  readonly view: AddressView;
}

/** An event to be written on the job's object. */
export interface JobEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Milliseconds that each stage of a job took, in order. */
export type Stages = Readonly<Record<string, number>>;

/** What came of a job. `failed.kind` is an ErrorKind. */
export type Outcome =
  | {
    readonly kind: "served";
    readonly served: Served;
    /** Those of `served.warnings` that the plan has, not the plane: they hold when it moves. */
    readonly planned?: readonly string[];
    readonly plane: PlaneName;
    readonly events: readonly JobEvent[];
    readonly stages: Stages;
  }
  | RoutedOutcome
  | IngressOutcome
  | { readonly kind: "removed"; readonly stages: Stages }
  | { readonly kind: "listed"; readonly served: readonly Served[] }
  | {
    readonly kind: "failed";
    readonly errorKind: string;
    readonly message: string;
    readonly events: readonly JobEvent[];
  };

/** A Gateway was planned, and served unless its plan or the proxy forbids. */
export interface RoutedOutcome {
  readonly kind: "routed";
  /** Absent: nothing of it is served. */
  readonly served?: RoutesServed;
  readonly statuses: GatewayStatuses;
  readonly infrastructure: GatewayPlan["infrastructure"];
  /** Addresses that it asks for and somebody else has: they may come free. */
  readonly taken: readonly string[];
  /** The proxy refused or could not be reached: tried again as an error of this kind is. */
  readonly failure?: { readonly errorKind: string; readonly message: string };
  readonly stages: Stages;
}

/** The Ingresses were planned, and served unless the proxy could not. */
export interface IngressOutcome {
  readonly kind: "ingress";
  /** Absent: nothing of them is served. */
  readonly served?: RoutesServed;
  readonly problems: readonly IngressProblem[];
  readonly statuses: readonly IngressStatusWrite[];
  readonly failure?: RoutedOutcome["failure"];
  readonly stages: Stages;
}

/** First message to a worker. */
export interface WorkerInit {
  readonly cluster: string;
  readonly planes: readonly PlaneName[];
  /** Engine socket, where a plane needs it. */
  readonly socketPath?: string;
  readonly envoy?: EnvoySettings;
  readonly log: { readonly level: number; readonly format: "text" | "json" };
}

/** What the Envoy plane is told by the command line. */
export interface EnvoySettings {
  readonly image?: string;
  /** Where the image is pulled from when none is named. */
  readonly registry?: string;
  /** Engine network of the addresses; that of the cluster's nodes when not given. */
  readonly network?: string;
  /** A proxy waits before there is anything to serve. */
  readonly warm?: boolean;
  /** Ports are published on the host, too. */
  readonly publish?: boolean;
  /** Directory in which logs of proxies are kept when their containers end. */
  readonly logs?: string;
}

/** What a worker tells on its own accord. */
export type WorkerNotice =
  | { readonly kind: "moved"; readonly served: Served }
  | { readonly kind: "broken"; readonly keys: readonly string[]; readonly reason: string };
