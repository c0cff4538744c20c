import type { ProxySpec, RouteSpec } from "../proxy/types.ts";

/** The data planes that exist. */
export type PlaneName = "kernel" | "embedded" | "envoy";

/** A cluster node as a plane sees it. */
export interface PlaneNode {
  readonly name: string;
  /** Engine id of the node's container; absent where the node is no container. */
  readonly container?: string;
  /** The container runs. A node that is down takes no traffic and announces nothing. */
  readonly up: boolean;
  /** Its own addresses (InternalIP), one for each family. */
  readonly addresses?: readonly string[];
  /** Prefixes of its Pods (`spec.podCIDRs`), reached through the node's address. */
  readonly podCidrs?: readonly string[];
}

/** Confirmed by the plane: it serves the newest spec given to `ensure`. */
export interface Served {
  readonly key: string;
  readonly addresses: readonly ServedAddress[];
  /** Things a person should know though traffic flows. */
  readonly warnings: readonly string[];
  /** Ports that people reach through the host, where that is asked for. */
  readonly published?: readonly PublishedPort[];
}

/** One address that answers, and the node that announces it. */
export interface ServedAddress {
  readonly address: string;
  readonly node?: string;
}

/** A proxy's port that people reach through the host (`--enable-lb-port-mapping`, tunnels). */
export interface PublishedPort {
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  readonly hostAddress: string;
  readonly hostPort: number;
}

/** Confirmed by the proxy: it runs the newest spec given to `ensureRoutes`. */
export interface RoutesServed {
  readonly key: string;
  readonly addresses: readonly ServedAddress[];
  readonly published: readonly PublishedPort[];
  /** What the proxy refused of this spec; everything else is served. */
  readonly refused: readonly { readonly port: number; readonly message: string }[];
  readonly warnings: readonly string[];
}

/** Options of every call that waits. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** Something that carries traffic. Every call is idempotent; calls for one key never overlap. */
export interface Plane extends AsyncDisposable {
  readonly name: PlaneName;
  /** Serves exactly `spec`, whatever was there before for its key. */
  ensure(spec: ProxySpec, options: CallOptions): Promise<Served>;
  /** Stops serving a key; unknown keys are fine. */
  remove(key: string, options: CallOptions): Promise<void>;
  /** The cluster's nodes changed: moves addresses off dead nodes, brings new ones up to date. */
  setNodes(nodes: readonly PlaneNode[], options: CallOptions): Promise<void>;
  /** Keys that carry something of ours in the data path, also from before a restart. */
  list(options: CallOptions): Promise<readonly Served[]>;
}

/** A plane that understands hosts, paths and TLS: Gateways and Ingresses need one. */
export interface RoutePlane extends Plane {
  /** Serves exactly `spec`, whatever was there before for its key. `remove` takes it away. */
  ensureRoutes(spec: RouteSpec, options: CallOptions): Promise<RoutesServed>;
  /** What the proxy of a key runs, as Envoy tells it; secrets are blanked. */
  config(key: string, options: CallOptions): Promise<unknown>;
}

/** What a plane tells on its own accord. */
export interface PlaneEvents {
  /** The place of addresses changed (node died, repaired by hand, …): status must follow. */
  moved(served: Served): void;
  /** The data path of these keys is broken and could not be mended by the plane itself. */
  broken(keys: readonly string[], reason: string): void;
}
