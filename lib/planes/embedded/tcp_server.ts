import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import type { Endpoint } from "../../proxy/types.ts";
import { bindError } from "./bind_error.ts";
import type { Route } from "./route.ts";
import type { Server, ServerOptions } from "./server.ts";
import { close, pipeBoth } from "./tcp_pipe.ts";

// an endpoint that is gone costs one try; more tries would only delay the refusal
const triesPerConnection = 3;
// pause after a failed accept, such as for want of file descriptors
const acceptPauseMs = 100;

/** Binds a TCP listener. Throws an AppError with the remedy. */
export function openTcpServer(options: ServerOptions): Server {
  return new TcpServer(options, listen(options));
}

function listen({ at }: ServerOptions): Deno.TcpListener {
  try {
    return Deno.listen({ hostname: at.hostname, port: at.port });
  } catch (error) {
    throw bindError(error, at);
  }
}

class TcpServer implements Server {
  readonly #options: ServerOptions;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly #accepting: Promise<void>;
  #route: Route;

  constructor(options: ServerOptions, listener: Deno.TcpListener) {
    this.#options = options;
    this.#route = options.route;
    this.#listener = listener;
    this.#accepting = this.#acceptAll();
  }

  update(route: Route): void {
    this.#route = route;
  }

  async free(): Promise<void> {
    this.#stop.abort();
    close(this.#listener);
    await this.#accepting;
  }

  async end(drainMs: number): Promise<void> {
    const { clock, stop } = this.#options;
    if (drainMs > 0 && this.#open.size > 0) await clock.sleep(drainMs, stop).catch(() => {});
    this.#cut.abort();
    for (const connection of this.#open) close(connection);
  }

  async #acceptAll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        void this.#serve(await this.#listener.accept());
      } catch (error) {
        if (!(await this.#mayGoOn(error))) return;
      }
    }
  }

  async #mayGoOn(error: unknown): Promise<boolean> {
    const { signal } = this.#stop;
    if (signal.aborted) return false;
    if (error instanceof Deno.errors.BadResource) {
      this.#options.onBroken(`listener broke: ${errorText(error)}`);
      return false;
    }
    const { at, clock } = this.#options;
    const fields = { address: at.hostname, port: at.port, error: errorText(error) };
    getLogger(["berth", "planes"]).warn("cannot accept a connection", fields);
    await clock.sleep(acceptPauseMs, signal).catch(() => {});
    return !signal.aborted;
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    const upstream = await this.#connect(client);
    if (upstream !== undefined) {
      this.#open.add(upstream);
      await pipeBoth(client, upstream);
      this.#open.delete(upstream);
    }
    close(client);
    this.#open.delete(client);
  }

  /** The first endpoint that accepts; undefined when the client must be turned away. */
  async #connect(client: Deno.TcpConn): Promise<Deno.TcpConn | undefined> {
    const { hostname: address, port } = client.remoteAddr;
    if (!this.#route.allows(address)) return undefined;
    let tries = 0;
    for (const endpoint of this.#route.ranked({ address, port })) {
      if (++tries > triesPerConnection || this.#cut.signal.aborted) break;
      const upstream = await this.#connectTo(endpoint);
      if (upstream !== undefined) return prepared(client, upstream);
    }
    return undefined;
  }

  async #connectTo({ address, port }: Endpoint): Promise<Deno.TcpConn | undefined> {
    const { clock, connectTimeoutMs } = this.#options;
    const timer = new AbortController();
    const giveUp = new AbortController();
    const stop = () => giveUp.abort();
    clock.sleep(connectTimeoutMs, timer.signal).then(stop, () => {});
    this.#cut.signal.addEventListener("abort", stop);
    const { signal } = giveUp;
    try {
      return await Deno.connect({ hostname: address, port, autoSelectFamily: false, signal });
    } catch {
      return undefined;
    } finally {
      timer.abort();
      this.#cut.signal.removeEventListener("abort", stop);
    }
  }
}

function prepared(client: Deno.TcpConn, upstream: Deno.TcpConn): Deno.TcpConn {
  try {
    for (const connection of [client, upstream]) {
      connection.setNoDelay(true);
      connection.setKeepAlive(true); // a peer that vanished must not hold its connection for ever
    }
  } catch {
    // already closed by its peer: the pipe will see
  }
  return upstream;
}
