import { AppError } from "../../lib/core/mod.ts";
import type { Container, EngineEvent, Network } from "../../lib/runtime/types.ts";
import { answerWorks } from "./engine_works_routes.ts";
import type { FakeEngine } from "./fake_engine.ts";
import { httpChunk, type RawAnswer, type RawRequest } from "./raw_http.ts";
import { readRequest, writeAll, writeAnswer } from "./raw_http.ts";
import { tarOf } from "./tar.ts";

/** What may go wrong with one request. */
export type SocketFault = "error" | "garbage" | "truncated" | "shortened" | "reset" | "hang";

const STATUS_OF_KIND: Readonly<Record<string, number>> = { "not-found": 404, conflict: 409 };

/**
 * A container engine's API on a Unix socket, over a {@link FakeEngine}: versions, container lists,
 * networks, archives, events, the hijacked exec, and what makes containers.
 */
export class EngineSocket implements AsyncDisposable {
  readonly path: string;
  readonly engine: FakeEngine;
  readonly #faults: SocketFault[] = [];
  readonly #execs = new Map<string, { container: string; command: readonly string[] }>();
  readonly #conns = new Set<Deno.Conn>();
  readonly #stop = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #listener: Deno.UnixListener;

  constructor(path: string, engine: FakeEngine) {
    this.path = path;
    this.engine = engine;
    this.#listener = this.#listen();
  }

  /** The next container listings go wrong, one after the other. */
  failListings(...faults: readonly SocketFault[]): void {
    this.#faults.push(...faults);
  }

  /** Cuts all connections, as a restarted engine does. */
  cut(): void {
    for (const conn of this.#conns) close(conn);
    this.#conns.clear();
  }

  /** Stops listening and cuts all connections. */
  async down(): Promise<void> {
    this.#listener.close();
    this.cut();
    await Promise.allSettled(this.#tasks);
  }

  /** Listens again after {@link down}. */
  up(): void {
    this.#listener = this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    close(this.#listener);
    this.cut();
    await this.engine[Symbol.asyncDispose]();
    await Promise.allSettled(this.#tasks);
  }

  #listen(): Deno.UnixListener {
    try {
      Deno.removeSync(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const listener = Deno.listen({ transport: "unix", path: this.path });
    this.#track(this.#accept(listener));
    return listener;
  }

  async #accept(listener: Deno.UnixListener): Promise<void> {
    for await (const conn of listener) {
      this.#conns.add(conn);
      this.#track(this.#serve(conn));
    }
  }

  #track(task: Promise<void>): void {
    const quiet = task.catch(() => {}).finally(() => this.#tasks.delete(quiet));
    this.#tasks.add(quiet);
  }

  async #serve(conn: Deno.Conn): Promise<void> {
    try {
      const request = await readRequest(conn);
      if (request) await this.#route(conn, request);
    } finally {
      this.#conns.delete(conn);
      close(conn);
    }
  }

  async #route(conn: Deno.Conn, request: RawRequest): Promise<void> {
    const { pathname } = request.url;
    const exec = /^\/exec\/([^/]+)\/start$/.exec(pathname)?.[1];
    if (exec !== undefined) return await this.#hijack(conn, exec);
    if (pathname === "/events") return await this.#streamEvents(conn);
    const fault = pathname === "/containers/json" ? this.#faults.shift() : undefined;
    const answer = await this.#answer(request).catch(toErrorAnswer);
    if (fault === undefined) await writeAnswer(conn, answer);
    else await this.#writeFault(conn, fault, answer);
  }

  async #answer(request: RawRequest): Promise<RawAnswer> {
    const { pathname, searchParams } = request.url;
    const [, kind = "", name = "", verb = ""] = pathname.split("/").map(decodeURIComponent);
    if (pathname === "/version") {
      return json({ Version: "28.0.0", Components: [{ Name: "Engine" }] });
    }
    if (pathname === "/containers/json") {
      return json(await this.#list(searchParams.get("filters") ?? "{}"));
    }
    const worked = await answerWorks(this.engine, request);
    if (worked !== undefined) return worked;
    if (kind === "networks") return json(await this.#network(name));
    if (verb === "archive") {
      const text = await this.engine.readFile(name, searchParams.get("path") ?? "");
      return { status: 200, type: "application/x-tar", body: tarOf("file", text) };
    }
    if (verb === "logs") return await this.#log(name, Number(searchParams.get("tail")));
    if (verb === "exec") return this.#createExec(name, request.body);
    return { status: 404, body: JSON.stringify({ message: "page not found" }) };
  }

  async #list(filters: string): Promise<unknown> {
    const { label = [], network } = JSON.parse(filters) as Record<string, string[]>;
    const found = await this.engine.containers({ labels: label });
    const shown = network ? found.filter((one) => network.some((n) => n in one.networks)) : found;
    return shown.map(listed);
  }

  async #network(name: string): Promise<unknown> {
    const network = await this.engine.network(name);
    return inspected(network, await this.engine.networkAddresses(name));
  }

  /** Each line a frame, the outputs in turn. */
  async #log(container: string, lines: number): Promise<RawAnswer> {
    const log = await this.engine.containerLog(container, { lines, bytes: Infinity });
    const texts = new TextDecoder().decode(log).split(/(?<=\n)/);
    const frames = texts.map((text, i) => frame(i % 2 === 0 ? 1 : 2, text));
    const body = new Uint8Array(await new Blob(frames).arrayBuffer());
    return { status: 200, type: "application/vnd.docker.multiplexed-stream", body };
  }

  #createExec(container: string, body: string): RawAnswer {
    if (!this.engine.has(container)) {
      throw new AppError(`No such container: ${container}`, { kind: "not-found" });
    }
    const { Cmd } = JSON.parse(body) as { Cmd: string[] };
    const id = `exec${this.#execs.size}`;
    this.#execs.set(id, { container, command: Cmd });
    return { ...json({ Id: id }), status: 201 };
  }

  async #hijack(conn: Deno.Conn, id: string): Promise<void> {
    const exec = this.#execs.get(id);
    if (!exec) return await writeAnswer(conn, { status: 404, body: '{"message":"no such exec"}' });
    await using session = await this.engine.session(exec.container, exec.command);
    await writeAll(
      conn,
      "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n" +
        "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
    );
    const input = pipeInput(conn, session);
    let told = 0;
    for await (const line of session.lines) {
      told = await writeErrors(conn, session.errors, told);
      await writeAll(conn, frame(1, `${line}\n`));
    }
    await writeErrors(conn, session.errors, told);
    close(conn);
    await input;
  }

  async #streamEvents(conn: Deno.Conn): Promise<void> {
    await writeAll(
      conn,
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const gone = new AbortController();
    const hangup = readRequest(conn).catch(() => {}).finally(() => gone.abort());
    const signal = AbortSignal.any([this.#stop.signal, gone.signal]);
    for await (const event of this.engine.events({ signal })) {
      if (event.kind !== "resync") await writeAll(conn, httpChunk(`${eventLine(event)}\n`));
    }
    close(conn);
    await hangup;
  }

  async #writeFault(conn: Deno.Conn, fault: SocketFault, answer: RawAnswer): Promise<void> {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    const body = String(answer.body);
    if (fault === "error") await writeAnswer(conn, { status: 500, body: '{"message":"broken"}' });
    if (fault === "garbage") await writeAnswer(conn, { status: 200, body: "<html>hello</html>" });
    if (fault === "shortened") {
      await writeAnswer(conn, { status: 200, body: body.slice(0, body.length / 2) });
    }
    if (fault === "truncated") {
      const half = body.slice(0, body.length / 2);
      await writeAll(conn, `${head}Content-Length: ${body.length}\r\n\r\n${half}`);
    }
    if (fault === "hang") await conn.read(new Uint8Array(1));
  }
}

async function pipeInput(
  conn: Deno.Conn,
  session: { write(text: string): Promise<void> } & AsyncDisposable,
): Promise<void> {
  const chunk = new Uint8Array(65_536);
  try {
    for (let count = await conn.read(chunk); count !== null; count = await conn.read(chunk)) {
      await session.write(new TextDecoder().decode(chunk.subarray(0, count)));
    }
  } catch {
    // the other side has gone
  }
  await session[Symbol.asyncDispose]();
}

async function writeErrors(
  conn: Deno.Conn,
  errors: readonly string[],
  told: number,
): Promise<number> {
  for (const line of errors.slice(told)) await writeAll(conn, frame(2, `${line}\n`));
  return errors.length;
}

/** The engine's multiplexing: output number, three zeros, length, data. */
function frame(output: 1 | 2, text: string): Uint8Array<ArrayBuffer> {
  const data = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + data.length);
  bytes[0] = output;
  new DataView(bytes.buffer).setUint32(4, data.length);
  bytes.set(data, 8);
  return bytes;
}

function listed(container: Container): unknown {
  const networks = Object.entries(container.networks).map(([name, { ipv4 = "", ipv6 = "" }]) => [
    name,
    { IPAddress: ipv4, GlobalIPv6Address: ipv6, IPAMConfig: null },
  ]);
  const ports = Object.entries(container.ports).map(([key, { address, port }]) => {
    const [inside, Type = "tcp"] = key.split("/");
    return { IP: address, PrivatePort: Number(inside), PublicPort: port, Type };
  });
  return {
    Id: container.id,
    ImageID: container.image,
    Names: [`/${container.name}`],
    Labels: container.labels,
    State: container.running ? "running" : "exited",
    Ports: ports,
    NetworkSettings: { Networks: Object.fromEntries(networks) },
  };
}

function inspected(network: Network, used: readonly string[]): unknown {
  const config = network.subnets.map((Subnet, at) => ({
    Subnet,
    IPRange: network.ranges[at],
    Gateway: network.gateways[at],
  }));
  const containers = used.map((address, at) => [
    `c${at}`,
    address.includes(":") ? { IPv6Address: address } : { IPv4Address: address },
  ]);
  return {
    Id: network.id,
    Name: network.name,
    IPAM: { Config: config },
    Containers: Object.fromEntries(containers),
  };
}

function eventLine(event: Exclude<EngineEvent, { kind: "resync" }>): string {
  if (event.kind === "network") {
    const Attributes = { name: event.network, container: event.container, type: "bridge" };
    const Actor = { ID: event.network, Attributes };
    return JSON.stringify({ Type: "network", Action: event.action, Actor });
  }
  const Actor = { ID: event.id, Attributes: { ...event.labels, name: event.name, image: "fake" } };
  return JSON.stringify({ Type: "container", Action: event.action, Actor });
}

function json(value: unknown): RawAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

function toErrorAnswer(error: unknown): RawAnswer {
  const status = error instanceof AppError ? STATUS_OF_KIND[error.kind] : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { status: status ?? 500, body: JSON.stringify({ message }) };
}

function close(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // closed before
  }
}
