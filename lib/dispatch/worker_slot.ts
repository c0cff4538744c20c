import { getLogger } from "@logtape/logtape";
import { AppError, type Clock, isRetryable } from "../core/mod.ts";
import { fromWireError, protocolVersion, type ToMain, toWireError } from "./protocol.ts";
import { type WireError, type WireResult, wireResult } from "./protocol.ts";
import {
  type ChannelEvents,
  openWorker,
  type WorkerChannel,
  type WorkerPlan,
} from "./worker_channel.ts";

/** What a handler of worker calls is told beside the arguments. */
export interface CallContext {
  /** Key of the job that calls; absent for calls outside jobs. */
  readonly key?: string;
  /** Aborts when the calling worker is gone. */
  readonly signal: AbortSignal;
}

/** Answers a worker's call; what it throws rejects the call with the same kind. */
export type CallHandler = (args: unknown, context: CallContext) => Promise<unknown> | unknown;

/** What a slot needs of its pool. */
export interface SlotOptions {
  readonly plan: WorkerPlan;
  readonly init: unknown;
  readonly deadlineMs: number;
  /** How long an aborted job may take to end before its worker is replaced. */
  readonly graceMs: number;
  readonly clock: Clock;
  readonly call: Readonly<Record<string, CallHandler>>;
  /** Latest broadcasts, topic → value. */
  readonly topics: ReadonlyMap<string, unknown>;
  onNotice(value: unknown): void;
  onLost(error: AppError): void;
}

/** One job as the slot is asked for it. */
export interface SlotJob {
  readonly key: string;
  readonly job: unknown;
  readonly signal: AbortSignal;
  readonly traceparent?: string;
}

interface Flight {
  readonly id: number;
  readonly asked: SlotJob;
  readonly settled: PromiseWithResolvers<unknown>;
  tries: number;
  /** Ends this try's deadline. */
  watch: AbortController;
  /** Why this try was aborted, once it was. */
  stopped: WireError | undefined;
}

const triesPerJob = 2;

/** A place in the pool: at most one Worker at a time, started when first needed. */
export class WorkerSlot implements ChannelEvents {
  readonly #options: SlotOptions;
  readonly #flights = new Map<number, Flight>();
  #channel: WorkerChannel | undefined;
  #life = new AbortController();
  #lastId = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Starts the worker unless it runs. */
  start(): WorkerChannel {
    if (this.#channel !== undefined) return this.#channel;
    this.#life = new AbortController();
    const channel = openWorker(this.#options.plan, this);
    this.#channel = channel;
    try {
      this.#greet(channel);
    } catch (error) {
      this.#end();
      throw error;
    }
    return channel;
  }

  /** Runs a job to its outcome; a key that is in flight already is refused (kind `internal`). */
  async run(asked: SlotJob): Promise<unknown> {
    const { key, signal } = asked;
    signal.throwIfAborted();
    if (this.#flightOf(key) !== undefined) {
      throw new AppError(`key ${key} is in flight already`, { kind: "internal" });
    }
    const flight = newFlight(++this.#lastId, asked);
    this.#flights.set(flight.id, flight);
    const abort = () => void this.#stop(flight, canceled(key));
    signal.addEventListener("abort", abort, { once: true });
    this.#send(flight);
    try {
      return await flight.settled.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Sends to a running worker; one that starts later learns it from the topics. */
  broadcast(topic: string, value: unknown): void {
    this.#channel?.send({ type: "broadcast", topic, value });
  }

  /** Lets the worker finish, then ends it; ends it at once when the signal aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    if (this.#channel === undefined) return;
    const drained = this.#drained ??= Promise.withResolvers<void>();
    const giveUp = () => drained.resolve();
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    else this.#channel.send({ type: "drain" });
    await drained.promise;
    signal.removeEventListener("abort", giveUp);
    this.close();
  }

  /** Ends the worker at once; its jobs reject with kind `canceled`. */
  close(): void {
    this.#end();
    for (const flight of this.#flights.values()) this.#reject(flight, canceled(flight.asked.key));
  }

  message(message: ToMain): void {
    switch (message.type) {
      case "ready":
        return this.#checkVersion(message.version);
      case "refused":
        return this.#refused(fromWireError(message.error));
      case "outcome":
        return this.#landed(message.id, message.result);
      case "call":
        return void this.#answer(message);
      case "notice":
        return this.#options.onNotice(message.value);
      case "fault":
        return this.#fault(message.topic, message.error);
      case "drained":
        return this.#drained?.resolve();
    }
  }

  crashed(error: AppError): void {
    this.#end();
    const again: Flight[] = [];
    for (const flight of this.#flights.values()) {
      flight.watch.abort();
      if (mayRetry(flight) && this.#drained === undefined) again.push(flight);
      else this.#reject(flight, flight.stopped ?? toWireError(error));
    }
    this.#options.onLost(error);
    this.#drained?.resolve();
    for (const flight of again) this.#send(flight);
  }

  #greet(channel: WorkerChannel): void {
    const { init, topics } = this.#options;
    channel.send({ type: "init", version: protocolVersion, value: init });
    for (const [topic, value] of topics) channel.send({ type: "broadcast", topic, value });
  }

  #flightOf(key: string): Flight | undefined {
    for (const flight of this.#flights.values()) if (flight.asked.key === key) return flight;
    return undefined;
  }

  #send(flight: Flight): void {
    const { id, asked: { key, job, traceparent } } = flight;
    flight.tries++;
    flight.stopped = undefined;
    flight.watch = new AbortController();
    const trace = traceparent === undefined ? {} : { traceparent };
    try {
      this.start().send({ type: "job", id, key, job, ...trace });
    } catch (error) {
      return this.#reject(flight, toWireError(error));
    }
    void this.#watchDeadline(flight);
  }

  async #watchDeadline(flight: Flight): Promise<void> {
    const { clock, deadlineMs } = this.#options;
    if (!(await passed(clock, deadlineMs, flight.watch.signal))) return;
    const { key } = flight.asked;
    const message = `job of ${key} did not end within ${deadlineMs} ms`;
    await this.#stop(flight, { kind: "timeout", message });
  }

  /** Aborts a job; replaces the worker when the job does not end within the grace time. */
  async #stop(flight: Flight, error: WireError): Promise<void> {
    if (flight.stopped !== undefined || !this.#flights.has(flight.id)) return;
    flight.stopped = error;
    flight.watch.abort();
    flight.watch = new AbortController();
    const { clock, graceMs, plan } = this.#options;
    this.#channel?.send({ type: "cancel", id: flight.id, error });
    if (!(await passed(clock, graceMs, flight.watch.signal))) return;
    const message = `worker ${plan.name} hangs: ${error.message}`;
    this.crashed(new AppError(message, { kind: "unavailable" }));
  }

  #landed(id: number, result: WireResult): void {
    const flight = this.#flights.get(id);
    if (flight === undefined) return;
    if (!result.ok) return this.#reject(flight, flight.stopped ?? result.error);
    this.#forget(flight);
    flight.settled.resolve(result.value);
  }

  #reject(flight: Flight, error: WireError): void {
    this.#forget(flight);
    flight.settled.reject(fromWireError(error));
  }

  #forget(flight: Flight): void {
    flight.watch.abort();
    this.#flights.delete(flight.id);
  }

  #checkVersion(version: number): void {
    if (version === protocolVersion) return;
    const { name } = this.#options.plan;
    const message = `worker ${name} speaks version ${version} where ${protocolVersion} is needed`;
    this.#refused(new AppError(message, { kind: "internal" }));
  }

  /** The worker could not set itself up: the same jobs would fail again at once. */
  #refused(error: AppError): void {
    this.#end();
    for (const flight of this.#flights.values()) this.#reject(flight, toWireError(error));
    this.#options.onLost(error);
    this.#drained?.resolve();
  }

  #fault(topic: string, error: WireError): void {
    const { plan: { name } } = this.#options;
    getLogger(["berth", "dispatch"]).warn("worker could not take a broadcast", {
      ...{ worker: name, topic, error: error.message },
    });
  }

  async #answer(message: Extract<ToMain, { type: "call" }>): Promise<void> {
    const { id, name, args, job } = message;
    const channel = this.#channel;
    const { signal } = this.#life;
    const key = job === undefined ? undefined : this.#flights.get(job)?.asked.key;
    const result = await wireResult(() => {
      const handler = Object.hasOwn(this.#options.call, name)
        ? this.#options.call[name]
        : undefined;
      if (handler === undefined) throw new AppError(`no call named ${name}`, { kind: "not-found" });
      return handler(args, key === undefined ? { signal } : { signal, key });
    });
    this.#reply(channel, id, result);
  }

  #reply(channel: WorkerChannel | undefined, id: number, result: WireResult): void {
    try {
      channel?.send({ type: "reply", id, result });
    } catch (error) {
      channel?.send({ type: "reply", id, result: { ok: false, error: toWireError(error) } });
    }
  }

  #end(): void {
    this.#channel?.terminate();
    this.#channel = undefined;
    this.#life.abort();
  }
}

function newFlight(id: number, asked: SlotJob): Flight {
  const settled = Promise.withResolvers<unknown>();
  return { id, asked, settled, tries: 0, watch: new AbortController(), stopped: undefined };
}

function mayRetry(flight: Flight): boolean {
  const { tries, asked, stopped } = flight;
  return tries < triesPerJob && !asked.signal.aborted &&
    (stopped === undefined || isRetryable(stopped.kind));
}

function canceled(key: string): WireError {
  return { kind: "canceled", message: `job of ${key} was canceled` };
}

/** True when the time passed, false when the wait was aborted. */
async function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
