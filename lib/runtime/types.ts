/** A container as the engine lists it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly running: boolean;
  /** Id of the image that it was made from. */
  readonly image?: string;
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

/**
 * A container to make. It gets no capability but those named, a read-only root file system and no
 * new privileges.
 */
export interface ContainerPlan {
  readonly name: string;
  /** Reference or id. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The program and its arguments, whatever the image's own are. */
  readonly command: readonly string[];
  /** `uid:gid`. */
  readonly user: string;
  /** Ids of further groups. */
  readonly groups?: readonly string[];
  /** Without `CAP_`. */
  readonly capabilities?: readonly string[];
  readonly network: NetworkPlan;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly mounts?: readonly MountPlan[];
  readonly publish?: readonly PublishPlan[];
  readonly memoryBytes?: number;
  /** The engine starts it again when it ends with a failure. */
  readonly restartsOnFailure?: boolean;
}

/** A place of its own on a network, or the network namespace of another container. */
export type NetworkPlan =
  | { readonly kind: "own"; readonly name: string; readonly mac?: string }
  | { readonly kind: "joined"; readonly container: string };

/** A volume, or a directory of the engine's host. */
export interface MountPlan {
  readonly kind: "volume" | "bind";
  /** Name of the volume, or the directory's path. */
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
}

/** A port to publish on the host; no `hostPort`: any free one. */
export interface PublishPlan {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly hostAddress?: string;
  readonly hostPort?: number;
}

/** A named volume to make. */
export interface VolumePlan {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Kept in memory, never on a disk: at most so many bytes. */
  readonly memoryBytes?: number;
}

/** A named volume. */
export interface Volume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its directory on the engine's host. */
  readonly mountpoint: string;
}

/** How far the download of an image is. */
export interface PullProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Most of a container's log that is asked for. */
export interface LogLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** What makes and removes containers; objects are named by name or id. */
export interface ContainerWorks {
  /**
   * @returns The container's id.
   * @throws AppError `conflict` when the name is taken, `not-found` without the image.
   */
  createContainer(plan: ContainerPlan): Promise<string>;
  /** Fine for one that runs. */
  startContainer(container: string): Promise<void>;
  /** Ends its program, by force after so many seconds; fine for one that does not run. */
  stopContainer(container: string, options: { readonly seconds: number }): Promise<void>;
  /** Whether it runs or not; fine when there is none. */
  removeContainer(container: string): Promise<void>;
  /** @throws AppError `conflict` when the name is taken. */
  renameContainer(container: string, name: string): Promise<void>;
  /** Makes a volume, or finds the one of that name. */
  createVolume(plan: VolumePlan): Promise<Volume>;
  volumes(filter: { readonly labels: readonly string[] }): Promise<readonly Volume[]>;
  /** Fine when there is none; `conflict` while a container uses it. */
  removeVolume(name: string): Promise<void>;
  /** The image is on the engine's host. */
  hasImage(reference: string): Promise<boolean>;
  /** Downloads an image; needs no credentials. */
  pullImage(
    reference: string,
    options: { readonly signal: AbortSignal; progress?(progress: PullProgress): void },
  ): Promise<void>;
}

/** The container engine, as the main isolate and the workers use it. */
export interface ContainerEngine extends ContainerWorks, AsyncDisposable {
  containers(filter: { readonly labels: readonly string[] }): Promise<readonly Container[]>;
  /** Rejects with kind `not-found` when there is none. */
  network(name: string): Promise<Network>;
  /** Addresses in use on a network by the engine's containers. */
  networkAddresses(name: string): Promise<readonly string[]>;
  /** Text of a file in a container. */
  readFile(container: string, path: string): Promise<string>;
  /** What a container's program wrote to its outputs, whether it runs or not; the newest of it. */
  containerLog(container: string, most: LogLimits): Promise<Uint8Array>;
  /** Opens a long-lived exec with standard input. */
  session(container: string, command: readonly string[]): Promise<ContainerSession>;
  /** Engine events until the signal aborts; re-opens by itself, telling `resync` each time. */
  events(options: { readonly signal: AbortSignal }): AsyncIterable<EngineEvent>;
}
