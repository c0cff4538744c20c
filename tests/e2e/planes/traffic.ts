/** Clients of the plane tests: they ask from this machine, each time from a new source port. */

import { createSocket, type Socket } from "node:dgram";
import type { IpFamily } from "../../../lib/proxy/types.ts";

/** Who answered, and for whom it took us. */
export interface Answer {
  readonly name: string;
  readonly client: string;
}

/** Asks the backend's echo port over TCP. Rejects when nobody answers in time. */
export async function askTcp(hostname: string, port: number, ms = 2_000): Promise<Answer> {
  return parse(
    await withDeadline(ms, async () => {
      using conn = await Deno.connect({ hostname, port });
      const buffer = new Uint8Array(256);
      const read = await conn.read(buffer) ?? 0;
      return new TextDecoder().decode(buffer.subarray(0, read));
    }),
  );
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
    const answer = new Promise<string>((resolve) =>
      this.#socket.once("message", (data) => resolve(data.toString()))
    );
    await new Promise<void>((resolve, reject) =>
      this.#socket.send(
        new Uint8Array(size).fill(120),
        port,
        address,
        (error) => error ? reject(error) : resolve(),
      )
    );
    try {
      return parse(await withDeadline(ms, () => answer));
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
    if (error instanceof Deno.errors.ConnectionRefused) return "refused";
    return error instanceof DOMException ? "timeout" : String(error);
  }
}

function parse(text: string): Answer {
  const [name = "", from = ""] = text.trim().split(" ");
  return { name, client: from.replace(/:\d+$/, "").replace(/[[\]]/g, "") };
}

async function withDeadline<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DOMException("late", "TimeoutError")), ms);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
