import type { GatewayReading } from "./gateway_rows.ts";
import type { ProxySummary } from "../planes/envoy/mod.ts";
import type { ClusterReading } from "./status_view.ts";
import type { PoolOverview } from "./pools_view.ts";
import type { PoolObjects } from "./sources/pool_files.ts";
import type { Settings } from "./options.ts";
import type { EnvironmentReader } from "./settings.ts";

/** Where a command writes; the text brings its own newlines. */
export interface Streams {
  /** Standard output: results. */
  out(text: string): void;
  /** Standard error: everything else. */
  err(text: string): void;
  /** Columns of the terminal that standard output is; absent where it is none. */
  readonly width?: number;
}

/** What every command is given. */
export interface CommandContext {
  readonly settings: Settings;
  readonly streams: Streams;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command: resolves to the exit code, rejects with an AppError. */
export type Command = (context: CommandContext) => Promise<number>;

/** Options of every port call that waits. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** The long-running commands. */
export interface ServePorts {
  /** Serves until the signal aborts, then cleans up. */
  serve(settings: Settings, options: CallOptions): Promise<void>;
}

/** Source of `berth status`. */
export interface StatusPorts {
  /** Reads every chosen cluster; one that fails is told in its own reading. */
  readings(options: CallOptions): Promise<readonly ClusterReading[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Source of `berth status gateways`. */
export interface GatewayPorts {
  /** Reads every chosen cluster; one that fails is told in its own reading. */
  gateways(options: CallOptions): Promise<readonly GatewayReading[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Source of `berth pools`. */
export interface PoolPorts {
  overview(options: CallOptions): Promise<PoolOverview>;
}

/** Source of `berth pools explain`. */
export interface PoolExplainPorts {
  objects(options: CallOptions): Promise<PoolObjects>;
}

/** What `berth keepalived render` prints. */
export interface Rendered {
  /** keepalived's configuration. */
  readonly text: string;
  /** What was left out, and why. */
  readonly problems: readonly string[];
}

/** Source of `berth keepalived render`. */
export interface RenderPorts {
  render(options: CallOptions): Promise<Rendered>;
}

/** Something that berth made and that nobody needs any more. */
export interface Leftover {
  /** Engine id. */
  readonly id: string;
  readonly name: string;
  /** The cluster it was made for. */
  readonly cluster: string;
}

/** A container as clean-up judges it. */
export interface OwnedContainer extends Leftover {
  readonly labels: Readonly<Record<string, string>>;
}

/** Something of a living cluster whose addresses were taken back. */
export interface Released {
  readonly what: "service" | "gateway" | "ingress";
  /** `namespace/name`. */
  readonly name: string;
}

/** What `berth cleanup` acts on. Listings are complete, or they reject. */
export interface CleanupPorts {
  /** Names of the clusters that have at least one node container, running or not. */
  clusters(options: CallOptions): Promise<readonly string[]>;
  /** Containers that carry our label. */
  owned(options: CallOptions): Promise<readonly OwnedContainer[]>;
  remove(leftover: Leftover, options: CallOptions): Promise<void>;
  /** Takes addresses, rules and status of a living cluster away; returns who had any. */
  release(cluster: string, options: CallOptions): Promise<readonly Released[]>;
  /** Chosen living clusters that no berth serves, where Services wait for one to let go of them. */
  unserved(options: CallOptions): Promise<readonly Unserved[]>;
}

/** A cluster whose berth is gone without having given addresses back. */
export interface Unserved {
  readonly cluster: string;
  /** Services (`namespace/name`) whose deletion waits for a berth. */
  readonly services: readonly string[];
}

/** A proxy as `berth config` names it. */
export interface ProxyRow {
  readonly cluster: string;
  /** Name of its container. */
  readonly name: string;
  /** What it serves. */
  readonly key: string;
  readonly addresses: readonly string[];
  /** Ports on the host: `8080->80/tcp`. */
  readonly published: readonly string[];
}

/** What a proxy runs, without secrets. */
export interface ProxyConfig {
  readonly proxy: ProxyRow;
  /** All that Envoy tells. */
  readonly dump: unknown;
  summary(): ProxySummary;
}

/** What `berth config` asks. */
export interface ConfigPorts {
  proxies(options: CallOptions): Promise<readonly ProxyRow[]>;
  /** The name is that of a proxy's container, or what it serves. */
  config(name: string, options: CallOptions): Promise<ProxyConfig>;
}

/** The container engine as the doctor finds it. */
export interface EngineFacts {
  readonly socket: string;
  readonly version: string;
}

/** The clusters' network as the doctor finds it. */
export interface NetworkFacts {
  readonly name: string;
  readonly subnets: readonly string[];
  /** Ranges that berth may hand out of. */
  readonly pools: readonly string[];
}

/** A cluster and its node containers. */
export interface ClusterFacts {
  readonly name: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly container: string;
    readonly up: boolean;
  }[];
}

/** What a node can do. */
export interface NodeFacts {
  /** Programs that berth needs and the node lacks. */
  readonly missing: readonly string[];
  /** The kernel takes nft tables with `fwd`, which keeps source addresses across nodes. */
  readonly fwd: boolean;
}

/** What `berth doctor` asks; each call rejects with an AppError that says what is wrong. */
export interface DoctorPorts {
  engine(options: CallOptions): Promise<EngineFacts>;
  network(options: CallOptions): Promise<NetworkFacts>;
  clusters(options: CallOptions): Promise<readonly ClusterFacts[]>;
  /** Version of a cluster's API server. */
  api(cluster: string, options: CallOptions): Promise<string>;
  node(container: string, options: CallOptions): Promise<NodeFacts>;
  /** Tries to bind loopback addresses other than 127.0.0.1. */
  loopback(options: CallOptions): Promise<void>;
}

/** What `berth version` tells in JSON. */
export interface VersionFacts {
  readonly berth: string;
  readonly deno: string;
  readonly platform: string;
}

/** The parts of the process that the program touches. */
export interface Process {
  readonly env: EnvironmentReader;
  readonly streams: Streams;
  readonly signal: AbortSignal;
}
