import { createSocket } from "node:dgram";
import type { Endpoint } from "../../../lib/proxy/types.ts";

/** What a backend saw of a request; it answers the same as JSON. */
export interface Seen {
  readonly backend: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A backend on loopback. */
export interface Backend extends AsyncDisposable {
  readonly name: string;
  readonly endpoint: Endpoint;
}

/** A backend that keeps what it saw. */
export interface HttpBackend extends Backend {
  readonly seen: Seen[];
}

/** What an HTTP backend does besides answering. */
export interface HttpBackendOptions {
  /** Decides the status by how many requests came so far (from 1). */
  readonly status?: (count: number) => number;
  /** Waits before it answers. */
  readonly delayMs?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/**
 * Starts a backend that answers with what it saw, HTTP/1.1 and HTTP/2 (also without TLS). A web
 * socket gets back what it sends.
 */
export function httpBackend(name: string, options: HttpBackendOptions = {}): HttpBackend {
  const seen: Seen[] = [];
  const stop = new AbortController();
  const answer = async (request: Request): Promise<Response> => {
    if (request.headers.get("upgrade") === "websocket") return echoSocket(request);
    const { pathname, search, host } = new URL(request.url);
    // HTTP/2 has no such header
    const headers = { host, ...Object.fromEntries(request.headers) };
    const { method } = request;
    const what = { backend: name, method, path: pathname + search, headers };
    seen.push(what);
    const status = options.status?.(seen.length) ?? 200;
    if (options.delayMs !== undefined) await pause(options.delayMs, stop.signal);
    return Response.json(what, { status, headers: { "x-backend": name } });
  };
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    ...(options.tls ?? {}),
  }, answer);
  return {
    name,
    seen,
    endpoint: { address: "127.0.0.1", port: server.addr.port },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.shutdown();
    },
  };
}

/** Starts a backend that answers only clients with a certificate of an authority. */
export async function verifyingBackend(
  name: string,
  options: { readonly pair: { readonly cert: string; readonly key: string }; readonly ca: string },
): Promise<Backend> {
  const directory = await Deno.makeTempDir({ prefix: "berth-tls-" });
  const at = (file: string) => `${directory}/${file}`;
  await Deno.writeTextFile(at("pair.pem"), options.pair.cert + options.pair.key);
  await Deno.writeTextFile(at("ca.pem"), options.ca);
  const port = unusedPort();
  const child = new Deno.Command("openssl", {
    args: [
      ...["s_server", "-accept", `127.0.0.1:${port}`, "-www", "-quiet"],
      ...["-cert", at("pair.pem"), "-key", at("pair.pem"), "-CAfile", at("ca.pem")],
      ...["-Verify", "1", "-verify_return_error"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await listens(port);
  return {
    name,
    endpoint: { address: "127.0.0.1", port },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A port of 127.0.0.1 that nobody uses. */
export function unusedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
    connection?.close();
    if (connection !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts a backend that tells each connection its name and what it got up to "hello". */
export function tcpBackend(name: string): Backend {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const done = tellFirstBytes(name, connection).finally(() => open.delete(done));
      open.add(done);
    }
  })();
  return {
    name,
    endpoint: { address: "127.0.0.1", port: listener.addr.port },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(open);
    },
  };
}

/** Starts a backend that answers each datagram with its name. */
export async function udpBackend(name: string): Promise<Backend> {
  const socket = createSocket("udp4");
  socket.on("message", (_data, from) => socket.send(name, from.port, from.address));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    name,
    endpoint: { address: "127.0.0.1", port: socket.address().port },
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

async function tellFirstBytes(name: string, connection: Deno.Conn): Promise<void> {
  using _ = connection;
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.endsWith("hello")) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return;
    // bytes as they are: headers of the PROXY protocol are not always text
    text += String.fromCharCode(...buffer.subarray(0, count));
  }
  const answer = JSON.stringify({ backend: name, text });
  await connection.write(new TextEncoder().encode(answer)).catch(() => {});
}

function echoSocket(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onmessage = ({ data }) => socket.send(data);
  return response;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
