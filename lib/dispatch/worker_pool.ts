import { AppError, type Clock, hash32 } from "../core/mod.ts";
import type { WorkerPlan } from "./worker_channel.ts";
import { type CallHandler, type SlotJob, WorkerSlot } from "./worker_slot.ts";

export type { CallContext, CallHandler } from "./worker_slot.ts";

/** Options of {@link createWorkerPool}. */
export interface WorkerPoolOptions extends WorkerPlan {
  /** Workers at most; each is started when a key first needs it. */
  readonly size: number;
  /** First message of every worker; plain data. */
  readonly init: unknown;
  readonly clock: Clock;
  /** Milliseconds from sending a job to its abort, the start of a worker included. */
  readonly deadlineMs: number;
  /**
   * Milliseconds that an aborted job may take to end. A job that ends in time rejects with
   * `timeout`; one that does not costs the worker its life. Default 1000.
   */
  readonly graceMs?: number;
  /** What workers may call, by name. */
  readonly call?: Readonly<Record<string, CallHandler>>;
  readonly onNotice?: (value: unknown) => void;
  /**
   * A worker was lost with all that it kept for its keys (those that {@link WorkerPool.workerOf}
   * maps to it). Jobs in flight are tried again by the pool; the other keys are the caller's.
   */
  readonly onLost?: (worker: number, error: AppError) => void;
}

/** Options of one run. */
export interface PoolRunOptions {
  readonly signal: AbortSignal;
  readonly traceparent?: string | undefined;
}

/** Web Workers that run jobs; one key always goes to the same worker. */
export interface WorkerPool<Job, Outcome> extends AsyncDisposable {
  /**
   * Runs a job in the key's worker. When the worker crashes or hangs the job is run once more in
   * its replacement. Rejects with an AppError: what the job threw (its kind kept), `unavailable`
   * when the worker was lost twice, `timeout` past the deadline, `canceled` on abort.
   */
  run(key: string, job: Job, options: PoolRunOptions): Promise<Outcome>;
  /** Tells every worker, now or when it starts; the latest value of each topic is kept. */
  broadcast(topic: string, value: unknown): void;
  /** Index of the worker that serves a key. */
  workerOf(key: string): number;
  /** Starts every worker ahead of its first job. */
  warm(): void;
  /** Refuses new jobs, lets workers finish and end; ends them at once when the signal aborts. */
  drain(signal: AbortSignal): Promise<void>;
}

/** A pool without running workers. `Job` and `Outcome` must be plain data. */
export function createWorkerPool<Job, Outcome>(
  options: WorkerPoolOptions,
): WorkerPool<Job, Outcome> {
  if (!Number.isInteger(options.size) || options.size < 1) {
    throw new AppError(`pool size must be a whole number from 1: it is ${options.size}`, {
      kind: "invalid",
    });
  }
  return new SlotPool<Job, Outcome>(options);
}

class SlotPool<Job, Outcome> implements WorkerPool<Job, Outcome> {
  readonly #name: string;
  readonly #slots: readonly WorkerSlot[];
  readonly #topics = new Map<string, unknown>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#name = options.name;
    this.#slots = Array.from({ length: options.size }, (_, index) => this.#slot(options, index));
  }

  async run(key: string, job: Job, options: PoolRunOptions): Promise<Outcome> {
    const { signal, traceparent } = options;
    if (this.#closed) {
      throw new AppError(`worker pool ${this.#name} is closed`, { kind: "canceled" });
    }
    const asked: SlotJob = {
      key,
      job,
      signal,
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const outcome = await this.#slots[this.workerOf(key)]?.run(asked);
    return outcome as Outcome; // both sides are typed by the same Outcome
  }

  broadcast(topic: string, value: unknown): void {
    this.#topics.set(topic, value);
    for (const slot of this.#slots) slot.broadcast(topic, value);
  }

  workerOf(key: string): number {
    return hash32(key) % this.#slots.length;
  }

  warm(): void {
    if (this.#closed) return;
    for (const slot of this.#slots) slot.start();
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#slots.map((slot) => slot.drain(signal)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const slot of this.#slots) slot.close();
    return Promise.resolve();
  }

  #slot(options: WorkerPoolOptions, index: number): WorkerSlot {
    const { entry, permissions, init, clock, deadlineMs } = options;
    const { graceMs = 1_000, call = {}, onNotice = () => {}, onLost = () => {} } = options;
    const plan: WorkerPlan = { entry, permissions, name: `${options.name}-${index}` };
    return new WorkerSlot({
      ...{ plan, init, clock, deadlineMs, graceMs, call, onNotice },
      topics: this.#topics,
      onLost: (error) => onLost(index, error),
    });
  }
}
