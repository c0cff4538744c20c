import { createSocket } from "node:dgram";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type ClientHttp2Session, connect as http2Connect } from "node:http2";
import { text } from "node:stream/consumers";
import type { Seen } from "./backends.ts";

/** How long a client waits for an answer that may never come. */
const PATIENCE_MS = 400;

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** What is asked; host `a.example` unless said. */
export interface Question {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP/1.1 request on a connection of its own. */
export function ask(port: number, question: Question = {}): Promise<Answer> {
  const { method = "GET", path = "/", headers = {} } = question;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: "127.0.0.1",
      port,
      method,
      path,
      headers: { host: "a.example", ...headers },
      agent: false,
    }, async (answer) => {
      const body = await text(answer);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
    });
    request.on("error", reject);
    request.end();
  });
}

/** How a client speaks TLS. */
export interface TlsOptions {
  readonly servername: string;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** One HTTP/1.1 request over TLS; rejects when the connection fails. */
export function askTls(port: number, tls: TlsOptions, question: Question = {}): Promise<Answer> {
  const { method = "GET", path = "/", headers = {} } = question;
  return new Promise((resolve, reject) => {
    const request = httpsRequest({
      ...{ host: "127.0.0.1", port, method, path, agent: false, ...tls },
      headers: { host: tls.servername, ...headers },
    }, async (answer) => {
      const body = await text(answer);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
    });
    request.on("error", reject);
    request.end();
  });
}

/** What the backend saw of an answered request. */
export function seenBy(answer: Answer): Seen {
  return JSON.parse(answer.body);
}

/** How often each value comes. */
export function tally<T>(values: readonly T[]): ReadonlyMap<T, number> {
  return new Map([...Map.groupBy(values, (one) => one)].map(([one, all]) => [one, all.length]));
}

/** Several requests one after the other. */
export async function askTimes(
  port: number,
  times: number,
  question: Question = {},
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) answers.push(await ask(port, question));
  return answers;
}

/** An HTTP/2 connection; with TLS where the options have a server name. */
export class Http2Client implements AsyncDisposable {
  readonly #session: ClientHttp2Session;

  /** Connects to a port of 127.0.0.1. */
  constructor(port: number, tls?: { readonly servername: string; readonly ca: string }) {
    const scheme = tls === undefined ? "http" : "https";
    this.#session = http2Connect(`${scheme}://127.0.0.1:${port}`, { ...tls });
    this.#session.on("error", () => {}); // requests tell
  }

  /** One request. */
  ask(authority: string, path = "/", headers: Question["headers"] = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({
        ":authority": authority,
        ":path": path,
        ":method": "GET",
        ...headers,
      });
      let status = 0;
      let seen: Answer["headers"] = {};
      stream.on("response", (headers) => {
        status = Number(headers[":status"]);
        seen = headers;
      });
      stream.on("error", reject);
      text(stream).then((body) => resolve({ status, headers: seen, body }), reject);
      stream.end();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      if (this.#session.destroyed) return resolve();
      this.#session.close(resolve);
    });
  }
}

/** What a TCP backend saw. */
export interface TcpSeen {
  readonly backend: string;
  readonly text: string;
}

/** Sends a word on a connection of its own; undefined when it is refused or reset. */
export async function say(port: number, hostname = "127.0.0.1"): Promise<TcpSeen | undefined> {
  const connection = await Deno.connect({ hostname, port }).catch(() => undefined);
  return connection === undefined ? undefined : await sayOn(connection);
}

/** Sends a word on an open connection and closes it. */
export async function sayOn(connection: Deno.Conn): Promise<TcpSeen | undefined> {
  using _ = connection;
  try {
    await connection.write(new TextEncoder().encode("hello"));
    const buffer = new Uint8Array(1024);
    const count = await connection.read(buffer);
    return count === null
      ? undefined
      : JSON.parse(new TextDecoder().decode(buffer.subarray(0, count)));
  } catch {
    return undefined; // reset
  }
}

/** Sends a datagram from a socket of its own; undefined when nobody answers. */
export async function datagram(port: number): Promise<string | undefined> {
  const socket = createSocket("udp4");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = await new Promise<string | undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    socket.on("message", (data) => resolve(data.toString()));
    socket.on("error", () => resolve(undefined));
    socket.bind(0, "127.0.0.1", () => socket.send("hello", port, "127.0.0.1"));
  });
  clearTimeout(timer);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return answer;
}

/** What comes back for bytes that are sent as they are. */
export async function rawHttp(port: number, head: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(head));
  return await new Response(connection.readable).text();
}
