import type { BackendRunner, BackendSpec, RunningBackend } from "./types.ts";

/** Gives Pods addresses that nothing answers on: for tests that need Pods, not traffic. */
export class PaperRunner implements BackendRunner {
  readonly #running = new Map<string, readonly string[]>();
  readonly #dual: boolean;
  #next = 0;

  /** @param options.dual give each Pod an IPv6 address too */
  constructor(options: { readonly dual?: boolean } = {}) {
    this.#dual = options.dual ?? false;
  }

  /** Names of the Pods that run. */
  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  start({ uid }: BackendSpec): Promise<RunningBackend> {
    const n = ++this.#next;
    const ipv4 = `10.244.${n >> 8}.${n & 255}`;
    const ips = this.#dual ? [ipv4, `fd00:10:244::${n.toString(16)}`] : [ipv4];
    this.#running.set(uid, ips);
    return Promise.resolve({ ips });
  }

  stop(uid: string): Promise<void> {
    this.#running.delete(uid);
    return Promise.resolve();
  }
}
