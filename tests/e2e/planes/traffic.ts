/** Clients of the plane tests: they ask from this machine, each time from a new source port. */

import { createSocket, type Socket } from "node:dgram";
import { connect, type Socket as TcpSocket } from "node:net";
import type { IpFamily } from "../../../lib/proxy/types.ts";

/** Who answered, and for whom it took us. */
export interface Answer {
  readonly name: string;
  readonly client: string;
}

/** Asks the backend's echo port over TCP. Rejects when nobody answers in time. */
export async function askTcp(host: string, port: number, ms = 2_000): Promise<Answer> {
  // node:net, since closing it ends a connection attempt under way
  const socket = connect({ host, port });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  try {
    return parse(await withDeadline(ms, (signal) => firstData(socket, signal)));
  } finally {
    socket.destroy();
    await closed;
  }
}

/** A connection that stays open to the backend's echo port. */
export class EchoFlow implements AsyncDisposable {
  readonly #socket: TcpSocket;
  readonly #name: string;

  constructor(socket: TcpSocket, name: string) {
    this.#socket = socket;
    this.#name = name;
    // told by the next echo
    socket.on("error", () => {});
  }

  static async open(host: string, port: number, ms = 2_000): Promise<EchoFlow> {
    const socket = connect({ host, port });
    const answer = parse(await withDeadline(ms, (signal) => firstData(socket, signal)));
    return new EchoFlow(socket, answer.name);
  }

  /** Sends a byte and waits for its echo; returns who answers. Rejects when nobody does in time. */
  async echo(ms = 1_500): Promise<string> {
    if (this.#socket.destroyed) throw new Error("the connection is closed");
    this.#socket.write("x");
    await withDeadline(ms, (signal) => firstData(this.#socket, signal));
    return this.#name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.destroy();
    await closed;
  }
}

function firstData(socket: TcpSocket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once("data", (data) => resolve(data.toString()));
    socket.once("error", reject);
    socket.once("end", () => reject(new Error("closed without an answer")));
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** A UDP client that keeps its source port. */
export class UdpClient implements AsyncDisposable {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  static open(family: IpFamily): Promise<UdpClient> {
    const socket = createSocket(family === "IPv4" ? "udp4" : "udp6");
    const client = new UdpClient(socket);
    return new Promise((resolve) => socket.bind(0, () => resolve(client)));
  }

  /** Sends a payload of some size to the backend's UDP port. Rejects when nobody answers in time. */
  async ask(address: string, port: number, { ms = 2_000, size = 2 } = {}): Promise<Answer> {
    const answer = Promise.withResolvers<string>();
    this.#socket.once("message", (data) => answer.resolve(data.toString()));
    await new Promise<void>((resolve, reject) =>
      this.#socket.send(
        new Uint8Array(size).fill(120),
        port,
        address,
        (error) => error ? reject(error) : resolve(),
      )
    );
    try {
      return parse(
        await withDeadline(ms, (signal) => {
          signal.addEventListener("abort", () => answer.reject(signal.reason));
          return answer.promise;
        }),
      );
    } finally {
      this.#socket.removeAllListeners("message");
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** Asks the backend's UDP port from a new source port. */
export async function askUdp(
  address: string,
  port: number,
  options: { readonly ms?: number; readonly size?: number } = {},
): Promise<Answer> {
  await using client = await UdpClient.open(address.includes(":") ? "IPv6" : "IPv4");
  return await client.ask(address, port, options);
}

/** Names that answered to `count` questions. */
export async function namesOf(
  count: number,
  ask: () => Promise<Answer>,
): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(Array.from({ length: count }, ask));
  return new Set(answers.map(({ name }) => name));
}

/** `refused`, `unreachable`, `timeout` or the answer. */
export async function outcome(ask: Promise<Answer>): Promise<string> {
  try {
    return (await ask).name;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED") {
      return "refused";
    }
    return error instanceof DOMException ? "timeout" : String(error);
  }
}

/** Asks until the outcome is as wanted; fails after 10 seconds. Returns the milliseconds it took. */
export async function untilOutcome(
  look: () => Promise<string>,
  wanted: string | RegExp,
): Promise<number> {
  const start = performance.now();
  let seen = await look();
  while (!(typeof wanted === "string" ? seen === wanted : wanted.test(seen))) {
    if (performance.now() - start > 10_000) throw new Error(`it stays ${seen}, not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen = await look();
  }
  return performance.now() - start;
}

function parse(text: string): Answer {
  const [name = "", from = ""] = text.trim().split(" ");
  return { name, client: from.replace(/:\d+$/, "").replace(/[[\]]/g, "") };
}

/** Ends the work at the deadline and waits for that end, so that nothing is left behind. */
async function withDeadline<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const reason = new DOMException("late", "TimeoutError");
  const timer = setTimeout(() => late.abort(reason), ms);
  try {
    return await work(late.signal);
  } catch (error) {
    throw late.signal.aborted ? reason : error;
  } finally {
    clearTimeout(timer);
  }
}
