import type { Clock } from "../../core/mod.ts";
import {
  type AddOptions,
  type BackoffLimits,
  KeyedQueue,
  type RunResult,
} from "../../dispatch/mod.ts";

/** Options of {@link KeyLoop}. */
export interface KeyLoopOptions {
  readonly clock: Clock;
  /** Ends the loop; runs that are under way see it, too. */
  readonly signal: AbortSignal;
  /** Keys that run at the same time. */
  readonly concurrency: number;
  readonly backoff: BackoffLimits;
  /** 0..1, spreads retries. */
  random(): number;
  /** Serves one key; never rejects. */
  serve(key: string): Promise<RunResult>;
}

/** Serves keys in this isolate: each once at a time, so many at once, failures again later. */
export class KeyLoop {
  readonly #options: KeyLoopOptions;
  readonly #queue: KeyedQueue;
  readonly #running = new Set<Promise<void>>();
  #wake: () => void = () => {};
  #open = false;

  constructor(options: KeyLoopOptions) {
    this.#options = options;
    this.#queue = new KeyedQueue({ random: options.random, backoff: options.backoff });
  }

  /** Keys that wait for their turn, and those that run. */
  get load(): number {
    return this.#queue.waiting + this.#queue.running;
  }

  add(key: string, options: AddOptions = {}): void {
    this.#queue.add(key, this.#options.clock.now(), options);
    this.#wake();
  }

  /** While shut, keys are kept and none is begun. */
  setOpen(open: boolean): void {
    this.#open = open;
    this.#wake();
  }

  /** Serves until the signal aborts and the last run has ended. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      this.#begin();
      await this.#rest();
    }
    await Promise.all(this.#running);
  }

  #begin(): void {
    const { clock, concurrency } = this.#options;
    while (this.#open && this.#queue.running < concurrency) {
      const taken = this.#queue.take(clock.now());
      if (taken === undefined) return;
      const run = this.#serve(taken.key).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  async #serve(key: string): Promise<void> {
    const { clock, serve } = this.#options;
    this.#queue.complete(key, clock.now(), await serve(key));
    this.#wake();
  }

  /** Until something is added or completed, or a delay is over. */
  async #rest(): Promise<void> {
    const { clock, signal } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = new AbortController();
    this.#wake = resolve;
    signal.addEventListener("abort", () => resolve(), { signal: done.signal });
    const due = this.#open ? this.#queue.nextDueAt : undefined;
    if (due !== undefined) {
      clock.sleep(Math.max(0, due - clock.now()), done.signal).then(resolve, () => {});
    }
    if (!signal.aborted) await promise;
    this.#wake = () => {};
    done.abort();
  }
}
