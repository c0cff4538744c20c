import Docker from "dockerode";
import { type Clock, systemClock } from "../core/mod.ts";
import { engineError } from "./engine_error.ts";

/** Milliseconds after which a short request to the engine is given up. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Options of {@link EngineClient}. */
export interface EngineClientOptions {
  readonly socketPath: string;
  readonly clock?: Clock;
}

/** A `GET`. */
export interface GetRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
}

/** Takes an answer in. */
export type StreamReader<T> = (stream: AsyncIterable<Uint8Array>) => Promise<T>;

/** A request through dockerode; the signal ends it. */
export type DockerRequest<T> = (docker: Docker, signal: AbortSignal) => Promise<T>;

/** Requests to the engine, with its failures as AppErrors. The only user of dockerode. */
export class EngineClient {
  readonly socketPath: string;
  readonly clock: Clock;
  readonly #docker: Docker;
  readonly #closed = new AbortController();

  constructor({ socketPath, clock = systemClock }: EngineClientOptions) {
    this.socketPath = socketPath;
    this.clock = clock;
    // the undefined host keeps DOCKER_HOST from overriding the socket
    const options: Docker.DockerOptions & { host: undefined } = { socketPath, host: undefined };
    this.#docker = new Docker(options as Docker.DockerOptions);
  }

  /** Aborted once the client is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * Runs one short request; `what` is named in the error.
   *
   * A connection that breaks off in the middle of an answer may never call back, hence the race.
   */
  async ask<T>(what: string, request: DockerRequest<T>): Promise<T> {
    const done = new AbortController();
    const limit = new AbortController();
    this.clock.sleep(REQUEST_TIMEOUT_MS, AbortSignal.any([this.closed, done.signal]))
      .then(() => limit.abort(timeoutError()), () => {
        if (this.closed.aborted) limit.abort(this.closed.reason);
      });
    try {
      this.closed.throwIfAborted();
      return await Promise.race([request(this.#docker, limit.signal), rejection(limit.signal)]);
    } catch (cause) {
      throw engineError(cause, { what, socketPath: this.socketPath });
    } finally {
      done.abort();
    }
  }

  /** Asks for a JSON document. */
  getJson(what: string, request: GetRequest): Promise<unknown> {
    return this.get(
      what,
      request,
      async (stream) => JSON.parse(new TextDecoder().decode(await readAll(stream))),
    );
  }

  /**
   * Asks for a document, and reads it.
   *
   * As a stream, because only a stream tells that the connection broke off midway.
   */
  get<T>(what: string, { path, query = {} }: GetRequest, read: StreamReader<T>): Promise<T> {
    return this.ask(what, async (docker, abortSignal) => {
      const { promise, resolve, reject } = Promise.withResolvers<AsyncIterable<Uint8Array>>();
      docker.modem.dial({
        path: `${path}?`,
        method: "GET",
        options: { ...query },
        abortSignal,
        isStream: true,
        statusCodes: { 200: true },
      }, (error, answer) => error ? reject(error) : resolve(answer as AsyncIterable<Uint8Array>));
      return await read(await promise);
    });
  }

  /** Fails every pending request and stream. */
  close(): void {
    this.#closed.abort(new DOMException("the engine client was closed", "AbortError"));
  }
}

/** All bytes of a stream; rejects when it breaks off. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of stream) chunks.push(new Uint8Array(chunk));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function timeoutError(): DOMException {
  return new DOMException(`no answer within ${REQUEST_TIMEOUT_MS} ms`, "TimeoutError");
}
