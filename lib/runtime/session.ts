import type { Duplex } from "node:stream";
import { AppError, type Clock } from "../core/mod.ts";
import type { EngineClient } from "./client.ts";
import { FrameReader } from "./frames.ts";
import { LineQueue } from "./line_queue.ts";
import { LineSplitter } from "./lines.ts";
import type { ContainerSession } from "./types.ts";

/** How many lines of standard error are kept. */
const KEPT_ERRORS = 50;

/** Milliseconds that pending input may take to leave when the session is closed. */
const FLUSH_MS = 1_000;

/** A command to run in a container. */
export interface SessionRequest {
  readonly container: string;
  readonly command: readonly string[];
}

/** Starts a command in a container through a hijacked exec with standard input. */
export async function openSession(
  client: EngineClient,
  { container, command }: SessionRequest,
): Promise<ContainerSession> {
  const socket = await client.ask(
    `run ${command[0] ?? "a command"} in container ${container}`,
    async (docker, abortSignal) => {
      const exec = await docker.getContainer(container).exec({
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Cmd: [...command],
        abortSignal,
      });
      return await exec.start({ hijack: true, stdin: true, abortSignal });
    },
  );
  return new HijackedSession(socket, { container, client });
}

/** The exec's own connection, taken over from HTTP: bytes in, 8-byte-header frames out. */
class HijackedSession implements ContainerSession {
  readonly #socket: Duplex;
  readonly #container: string;
  readonly #clock: Clock;
  readonly #frames = new FrameReader();
  readonly #stdout = new LineSplitter();
  readonly #stderr = new LineSplitter();
  readonly #errors: string[] = [];
  readonly #queue: LineQueue;
  readonly #ended = Promise.withResolvers<void>();
  #open = true;

  constructor(socket: Duplex, { container, client }: { container: string; client: EngineClient }) {
    this.#socket = socket;
    this.#container = container;
    this.#clock = client.clock;
    this.#queue = new LineQueue({ pause: () => socket.pause(), resume: () => socket.resume() });
    const destroy = () => socket.destroy();
    client.closed.addEventListener("abort", destroy, { once: true });
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("error", (error: Error) => this.#keepErrors([error.message]));
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      client.closed.removeEventListener("abort", destroy);
      this.#finish();
    });
  }

  get lines(): AsyncIterable<string> {
    return this.#queue;
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  write(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (!this.#open) return Promise.reject(this.#gone());
    this.#socket.write(text, (error) => error ? reject(this.#gone(error)) : resolve());
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.end();
    this.#socket.resume();
    // a command that ignores the end of its input must not hold us up: wait for our writes alone
    if (this.#open) this.#socket.end(() => this.#socket.destroy());
    const done = new AbortController();
    const late = this.#clock.sleep(FLUSH_MS, done.signal).catch(() => {});
    await Promise.race([this.#ended.promise, late]);
    done.abort();
    this.#socket.destroy();
    await this.#ended.promise;
  }

  #receive(chunk: Uint8Array): void {
    for (const { output, data } of this.#frames.read(chunk)) {
      if (output === "stdout") this.#queue.push(this.#stdout.push(data));
      else this.#keepErrors(this.#stderr.push(data));
    }
  }

  #keepErrors(lines: readonly string[]): void {
    this.#errors.push(...lines);
    this.#errors.splice(0, this.#errors.length - KEPT_ERRORS);
  }

  #finish(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#queue.push(this.#stdout.end());
    this.#keepErrors(this.#stderr.end());
    this.#queue.end();
    this.#ended.resolve();
  }

  #gone(cause?: unknown): AppError {
    const last = this.#errors.at(-1);
    const why = last === undefined ? "" : `: ${last}`;
    return new AppError(
      `the session in container ${this.#container} has ended${why}: open another one`,
      { kind: "unavailable", cause },
    );
  }
}
