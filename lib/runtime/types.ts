/** A container as the engine lists it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly running: boolean;
  /** Engine network name → addresses; an address is absent while the container is stopped. */
  readonly networks: Readonly<Record<string, NetworkAddresses>>;
  /** Published ports: `6443/tcp` → host address and port. */
  readonly ports: Readonly<Record<string, HostPort>>;
}

/** Addresses of one container on one network. */
export interface NetworkAddresses {
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** Where the host publishes a container's port. */
export interface HostPort {
  readonly address: string;
  readonly port: number;
}

/** An engine network; subnets in CIDR form, both families. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly subnets: readonly string[];
  /** Ranges (CIDR) out of which the engine itself hands addresses, where restricted. */
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
}

/** What happened in the engine, reduced to what berth follows. */
export type EngineEvent =
  | {
    readonly kind: "container";
    readonly action: "start" | "die" | "destroy" | "create";
    readonly id: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  }
  | {
    readonly kind: "network";
    readonly action: "connect" | "disconnect";
    readonly network: string;
    readonly container: string;
  }
  /** The stream was (re)opened: list again, things may have been missed. */
  | { readonly kind: "resync" };

/** Commands run in one container through one long-lived exec. */
export interface ContainerSession extends AsyncDisposable {
  /** Writes bytes to the command's standard input. */
  write(text: string): Promise<void>;
  /** Lines of standard output, ended by the end of the exec. */
  readonly lines: AsyncIterable<string>;
  /** Lines of standard error, newest last, at most the last 50. */
  readonly errors: readonly string[];
}

/** The container engine, as the main isolate and the workers use it. */
export interface ContainerEngine extends AsyncDisposable {
  containers(filter: { readonly labels: readonly string[] }): Promise<readonly Container[]>;
  /** Rejects with kind `not-found` when there is none. */
  network(name: string): Promise<Network>;
  /** Addresses in use on a network by the engine's containers. */
  networkAddresses(name: string): Promise<readonly string[]>;
  /** Text of a file in a container. */
  readFile(container: string, path: string): Promise<string>;
  /** Opens a long-lived exec with standard input. */
  session(container: string, command: readonly string[]): Promise<ContainerSession>;
  /** Engine events until the signal aborts; re-opens by itself, telling `resync` each time. */
  events(options: { readonly signal: AbortSignal }): AsyncIterable<EngineEvent>;
}
