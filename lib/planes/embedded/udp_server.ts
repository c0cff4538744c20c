import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import type { Endpoint } from "../../proxy/types.ts";
import type { Route } from "./route.ts";
import type { Server, ServerOptions } from "./server.ts";
import { type Datagram, openUdpSocket, type UdpSocket } from "./udp_socket.ts";

/** One client's flow: a socket of its own, so that answers of endpoints cannot be mixed up. */
interface Session {
  readonly client: string;
  readonly address: string;
  readonly endpoint: Endpoint;
  readonly socket: Promise<UdpSocket>;
  lastSeen: number;
}

/** Binds a UDP listener. Rejects with an AppError with the remedy. */
export async function openUdpServer(options: ServerOptions): Promise<Server> {
  const server = new UdpServer(options);
  await server.bind();
  return server;
}

class UdpServer implements Server {
  readonly #options: ServerOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #stop = new AbortController();
  #route: Route;
  #socket: UdpSocket | undefined;
  #expiring = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#route = options.route;
  }

  async bind(): Promise<void> {
    this.#socket = await openUdpSocket(this.#options.at, {
      datagram: (datagram) => this.#fromClient(datagram),
      failed: (error) => this.#options.onBroken(`listener broke: ${errorText(error)}`),
    });
  }

  /** Sessions whose endpoint or client is served no more end: their next datagram starts anew. */
  update(route: Route): void {
    this.#route = route;
    for (const session of this.#sessions.values()) {
      if (!route.has(session.endpoint) || !route.allows(session.address)) this.#end(session);
    }
  }

  /** Sessions end with the listener: their answers leave through its socket. */
  async free(): Promise<void> {
    this.#stop.abort();
    const sockets = [...this.#sessions.values()].map(({ socket }) => socket);
    this.#sessions.clear();
    await Promise.all([this.#socket?.close(), ...sockets.map(closed)]);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  #fromClient(datagram: Datagram): void {
    const { address, port, data } = datagram;
    const client = `${address}|${port}`;
    const session = this.#sessions.get(client) ?? this.#begin(client, datagram);
    if (session === undefined) return;
    session.lastSeen = this.#options.clock.now();
    const { endpoint } = session;
    session.socket.then((socket) => socket.send({ ...endpoint, data }), () => {});
  }

  #begin(client: string, { address, port }: Datagram): Session | undefined {
    if (this.#stop.signal.aborted || !this.#route.allows(address)) return undefined;
    const [endpoint] = this.#route.ranked({ address, port });
    if (endpoint === undefined) return undefined;
    if (this.#sessions.size >= this.#options.udpSessions) this.#endOldest();
    const lastSeen = this.#options.clock.now();
    const socket = this.#openUpstream(client, endpoint, { address, port });
    const session: Session = { client, address, endpoint, socket, lastSeen };
    this.#sessions.set(client, session);
    socket.catch((error) => this.#failed(session, error));
    void this.#expireIdle();
    return session;
  }

  #openUpstream(
    client: string,
    endpoint: Endpoint,
    to: Omit<Datagram, "data">,
  ): Promise<UdpSocket> {
    return openUdpSocket({ hostname: localFor(endpoint.address), port: 0 }, {
      datagram: ({ data, address, port }) => {
        // anybody can send to an unconnected socket
        if (address !== endpoint.address || port !== endpoint.port) return;
        const session = this.#sessions.get(client);
        if (session !== undefined) session.lastSeen = this.#options.clock.now();
        this.#socket?.send({ ...to, data });
      },
      failed: (error) => {
        const session = this.#sessions.get(client);
        if (session !== undefined) this.#failed(session, error);
      },
    });
  }

  #failed(session: Session, error: unknown): void {
    const { endpoint: { address, port } } = session;
    const fields = { address, port, error: errorText(error) };
    getLogger(["berth", "planes"]).warn("cannot reach a UDP endpoint", fields);
    this.#end(session);
  }

  #end(session: Session): void {
    if (this.#sessions.get(session.client) === session) this.#sessions.delete(session.client);
    void closed(session.socket);
  }

  #endOldest(): void {
    let oldest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (oldest === undefined || session.lastSeen < oldest.lastSeen) oldest = session;
    }
    if (oldest !== undefined) this.#end(oldest);
  }

  /** One wait at a time, to the moment at which the most silent session may end. */
  async #expireIdle(): Promise<void> {
    if (this.#expiring) return;
    this.#expiring = true;
    const { clock, udpIdleMs } = this.#options;
    while (this.#sessions.size > 0 && !this.#stop.signal.aborted) {
      const deadline = clock.now() - udpIdleMs;
      let oldest = Infinity;
      for (const session of this.#sessions.values()) {
        if (session.lastSeen <= deadline) this.#end(session);
        else oldest = Math.min(oldest, session.lastSeen);
      }
      if (oldest === Infinity) break;
      await clock.sleep(oldest - deadline, this.#stop.signal).catch(() => {});
    }
    this.#expiring = false;
  }
}

async function closed(socket: Promise<UdpSocket>): Promise<void> {
  try {
    await (await socket).close();
  } catch {
    // it never opened
  }
}

/** A local address from which the endpoint can be reached, as narrow as possible. */
function localFor(endpoint: string): string {
  if (endpoint.startsWith("127.")) return "127.0.0.1";
  if (endpoint === "::1") return "::1";
  return endpoint.includes(":") ? "::" : "0.0.0.0";
}
