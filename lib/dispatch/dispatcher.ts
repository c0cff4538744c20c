import { type Clock, errorKind, isRetryable } from "../core/mod.ts";
import type { BackoffLimits } from "./backoff.ts";
import { type AddOptions, KeyedQueue, type RunResult, type Taken } from "./queue.ts";

/** What a run is told beside its key. */
export type RunInfo = Omit<Taken, "key">;

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  /** Serves a key. Throwing equals `failed`, retryable as the error's kind says. */
  readonly run: (key: string, signal: AbortSignal, info: RunInfo) => Promise<RunResult>;
  readonly clock: Clock;
  /** Number in [0, 1) for the jitter of back-off. */
  readonly random: () => number;
  /** Told of everything that `run` throws, before the retry is planned. */
  readonly onError: (key: string, error: unknown) => void;
  /** Keys in flight at most; default 64. */
  readonly concurrency?: number;
  readonly backoff?: BackoffLimits;
}

/** Runs keys as they come, each at most once at a time. */
export interface Dispatcher extends AsyncDisposable {
  /** Asks for a run of `key`; adds in one turn of the event loop become one run. */
  add(key: string, options?: AddOptions): void;
  /** Drops what waits for `key` and its failures; a run under way goes on. */
  forget(key: string): void;
  /** Resolves when nothing is ready or in flight; delayed keys do not count. */
  idle(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Starts nothing more and waits for what is in flight; aborts it when the signal aborts. */
  drain(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Keys now ready or delayed, and keys in flight. */
  readonly counts: { readonly waiting: number; readonly running: number };
}

/** A dispatcher that waits for events alone: one timer, set to the earliest delayed key. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new QueueDispatcher(options);
}

// what setTimeout can express
const longestSleepMs = 2 ** 31 - 1;

class QueueDispatcher implements Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #queue: KeyedQueue;
  readonly #stop = new AbortController();
  #alarm: { readonly at: number; readonly abort: AbortController } | undefined;
  #pumpPlanned = false;
  #draining = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { random, backoff } = options;
    this.#queue = new KeyedQueue(backoff === undefined ? { random } : { random, backoff });
  }

  get counts(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#queue.waiting, running: this.#queue.running };
  }

  add(key: string, options: AddOptions = {}): void {
    if (this.#draining) return;
    this.#queue.add(key, this.#options.clock.now(), options);
    this.#planPump();
  }

  forget(key: string): void {
    this.#queue.forget(key);
    this.#planPump();
  }

  async idle(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.#isIdle()) return;
    this.#idle ??= Promise.withResolvers();
    await (signal === undefined ? this.#idle.promise : raceAbort(this.#idle.promise, signal));
  }

  async drain(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    this.#draining = true;
    this.#alarm?.abort.abort();
    const abort = () => this.#stop.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    this.#pump();
    await this.idle();
    signal?.removeEventListener("abort", abort);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain({ signal: AbortSignal.abort() });
  }

  #isIdle(): boolean {
    const { running, ready } = this.#queue;
    return running === 0 && (this.#draining || ready === 0);
  }

  // a turn later, so that a burst of events for one key becomes one run
  #planPump(): void {
    if (this.#pumpPlanned) return;
    this.#pumpPlanned = true;
    queueMicrotask(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { concurrency = 64, clock } = this.#options;
    while (!this.#draining && this.#queue.running < concurrency) {
      const taken = this.#queue.take(clock.now());
      if (taken === undefined) break;
      void this.#run(taken);
    }
    this.#setAlarm();
    if (!this.#isIdle()) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  async #run(taken: Taken): Promise<void> {
    const { key, ...info } = taken;
    const result = await this.#result(key, info);
    this.#queue.complete(key, this.#options.clock.now(), result);
    this.#pump();
  }

  async #result(key: string, info: RunInfo): Promise<RunResult> {
    try {
      return await this.#options.run(key, this.#stop.signal, info);
    } catch (error) {
      this.#options.onError(key, error);
      return { kind: "failed", retryable: isRetryable(errorKind(error)) };
    }
  }

  #setAlarm(): void {
    const at = this.#draining ? undefined : this.#queue.nextDueAt;
    if (at === this.#alarm?.at) return;
    this.#alarm?.abort.abort();
    this.#alarm = undefined;
    if (at === undefined) return;
    const alarm = { at, abort: new AbortController() };
    this.#alarm = alarm;
    void this.#ring(alarm.abort.signal, at);
  }

  async #ring(signal: AbortSignal, at: number): Promise<void> {
    const { clock } = this.#options;
    try {
      await clock.sleep(Math.min(longestSleepMs, Math.max(0, at - clock.now())), signal);
    } catch {
      return; // another alarm took its place
    }
    this.#alarm = undefined;
    this.#pump();
  }
}

function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
