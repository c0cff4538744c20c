/** One port that a backend listens on. */
export interface BackendPort {
  readonly number: number;
  readonly protocol: string;
}

/** A Pod as its runner sees it. */
export interface BackendSpec {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string;
  readonly ports: readonly BackendPort[];
}

/** Where a running Pod answers. */
export interface RunningBackend {
  /** Addresses of the Pod, at most one of each family. */
  readonly ips: readonly string[];
  /** Ports that are really listened on under another number, by declared number. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** Runs Pods: the emulator's stand-in for a kubelet's container runtime. */
export interface BackendRunner {
  /** Resolves when the Pod answers, rejects when it cannot be started; must do one of them. */
  start(pod: BackendSpec): Promise<RunningBackend>;
  /** Resolves when nothing of the Pod answers any more. */
  stop(uid: string): Promise<void>;
  /** The lines of the Pod's log so far, or as a stream that goes on; undefined when unknown. */
  log?(uid: string, follow: boolean): readonly string[] | ReadableStream<Uint8Array> | undefined;
}
