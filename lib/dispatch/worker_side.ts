import { AppError } from "../core/mod.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { ToMain, ToWorker, WireResult } from "./protocol.ts";
import { decodeToWorker, fromWireError, protocolVersion } from "./protocol.ts";
import { toWireError, wireResult } from "./protocol.ts";

/** How code in a worker speaks to the main isolate. */
export interface MainLink {
  /** Asks the main isolate; rejects with an AppError of the kind that the handler threw. */
  call(name: string, args: unknown): Promise<unknown>;
  /** Tells the main isolate something; plain data. */
  notice(value: unknown): void;
}

/** What a job gets beside its data. */
export interface JobContext extends MainLink {
  readonly key: string;
  /** Aborts on cancel, deadline and drain, with an AppError as its reason. */
  readonly signal: AbortSignal;
  readonly traceparent?: string;
}

/** What a worker does. */
export interface WorkerHandlers<Job, Outcome> {
  /** Sets the worker up; jobs and broadcasts wait for it. Throwing rejects the jobs. */
  init(value: unknown, link: MainLink): PromiseLike<void> | void;
  /** Runs a job; the pool never sends two at a time for one key. */
  job(job: Job, context: JobContext): Promise<Outcome>;
  /** News. A failure is logged in the main isolate; calls of one topic never overlap, and of several waiting values only the last comes. */
  broadcast?(topic: string, value: unknown): PromiseLike<void> | void;
  /** Called when every job has ended, before the worker does. */
  drain?(): PromiseLike<void> | void;
}

/** The worker's end of its message channel: `globalThis` in a Worker. */
export interface WorkerPort {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Serves jobs until the pool ends the worker. Call once, at the top level of the entry module. */
export function serveWorker<Job, Outcome>(
  handlers: WorkerHandlers<Job, Outcome>,
  port: WorkerPort = globalThis as unknown as WorkerPort, // main's lib has no worker globals
): void {
  const side = new WorkerSide(handlers, port);
  port.onmessage = (event) => side.receive(decodeToWorker(event.data));
}

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

class WorkerSide<Job, Outcome> implements MainLink {
  readonly #handlers: WorkerHandlers<Job, Outcome>;
  readonly #port: WorkerPort;
  readonly #running = new Map<number, Running>();
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #topics = new Map<string, Latest<unknown>>();
  readonly #ready = Promise.withResolvers<void>();
  #lastCall = 0;

  constructor(handlers: WorkerHandlers<Job, Outcome>, port: WorkerPort) {
    this.#handlers = handlers;
    this.#port = port;
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "init":
        return void this.#init(message.value);
      case "broadcast":
        return this.#broadcast(message.topic, message.value);
      case "job":
        return this.#start(message);
      case "cancel":
        return this.#running.get(message.id)?.abort.abort(fromWireError(message.error));
      case "reply":
        return this.#replied(message.id, message.result);
      case "drain":
        return void this.#drain();
    }
  }

  call(name: string, args: unknown): Promise<unknown> {
    return this.#call(name, args);
  }

  notice(value: unknown): void {
    this.#post({ type: "notice", value });
  }

  async #init(value: unknown): Promise<void> {
    const result = await wireResult(() => this.#handlers.init(value, this));
    if (!result.ok) return this.#post({ type: "refused", error: result.error });
    this.#post({ type: "ready", version: protocolVersion });
    this.#ready.resolve();
  }

  #broadcast(topic: string, value: unknown): void {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known.set(value);
    const latest = createLatest<unknown>(async (newest) => {
      await this.#ready.promise;
      const result = await wireResult(() => this.#handlers.broadcast?.(topic, newest));
      if (!result.ok) this.#post({ type: "fault", topic, error: result.error });
    });
    this.#topics.set(topic, latest);
    latest.set(value);
  }

  #start(message: Extract<ToWorker, { type: "job" }>): void {
    const abort = new AbortController();
    this.#running.set(message.id, { abort, ended: this.#work(message, abort.signal) });
  }

  async #work(message: Extract<ToWorker, { type: "job" }>, signal: AbortSignal): Promise<void> {
    const { id, key, job, traceparent } = message;
    const context: JobContext = {
      ...{ key, signal },
      ...(traceparent === undefined ? {} : { traceparent }),
      call: (name, args) => this.#call(name, args, id),
      notice: (value) => this.notice(value),
    };
    await this.#ready.promise;
    const result = await wireResult(() => {
      signal.throwIfAborted();
      return this.#handlers.job(job as Job, context); // both sides are typed by the same Job
    });
    this.#running.delete(id);
    this.#outcome(id, result);
  }

  #outcome(id: number, result: WireResult): void {
    try {
      this.#post({ type: "outcome", id, result });
    } catch (error) {
      this.#post({ type: "outcome", id, result: { ok: false, error: toWireError(error) } });
    }
  }

  #call(name: string, args: unknown, job?: number): Promise<unknown> {
    const id = ++this.#lastCall;
    const answer = Promise.withResolvers<unknown>();
    this.#calls.set(id, answer);
    this.#post({ type: "call", id, name, args, ...(job === undefined ? {} : { job }) });
    return answer.promise;
  }

  #replied(id: number, result: WireResult): void {
    const answer = this.#calls.get(id);
    this.#calls.delete(id);
    if (result.ok) answer?.resolve(result.value);
    else answer?.reject(fromWireError(result.error));
  }

  async #drain(): Promise<void> {
    const reason = new AppError("the worker pool drains", { kind: "canceled" });
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(reason);
    await Promise.all(running.map(({ ended }) => ended));
    await this.#handlers.drain?.();
    this.#post({ type: "drained" });
  }

  #post(message: ToMain): void {
    this.#port.postMessage(message);
  }
}
