import type {
  BackendRunner,
  BackendSpec,
  RunningBackend,
} from "../../lib/embedded/backends/types.ts";

interface Pending {
  readonly pod: BackendSpec;
  readonly done: (running: RunningBackend) => void;
  readonly fail: (error: Error) => void;
}

/** Starts Pods when the test says so. */
export class ManualRunner implements BackendRunner {
  readonly #pending = new Map<string, Pending>();
  readonly stopped: string[] = [];
  #next = 1;

  /** Names of the Pods that wait to be started. */
  get waiting(): readonly string[] {
    return [...this.#pending.values()].map(({ pod }) => pod.name);
  }

  start(pod: BackendSpec): Promise<RunningBackend> {
    return new Promise((done, fail) => this.#pending.set(pod.uid, { pod, done, fail }));
  }

  stop(uid: string): Promise<void> {
    this.stopped.push(uid);
    this.#pending.delete(uid);
    return Promise.resolve();
  }

  /** Lets every waiting Pod run. */
  release(ports?: Readonly<Record<string, number>>): void {
    for (const { done } of this.#pending.values()) {
      done({ ips: [`10.244.0.${this.#next++}`], ...(ports && { ports }) });
    }
    this.#pending.clear();
  }

  /** Fails every waiting Pod. */
  fail(message: string): void {
    for (const { fail } of this.#pending.values()) fail(new Error(message));
    this.#pending.clear();
  }
}
