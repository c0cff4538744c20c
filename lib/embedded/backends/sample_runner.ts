import { AppError } from "../../core/mod.ts";
import { type Listener, listenHttp } from "./http_backend.ts";
import { LogBuffer } from "./log_buffer.ts";
import type { BackendPort, BackendRunner, BackendSpec, RunningBackend } from "./types.ts";
import { listenUdp } from "./udp_backend.ts";

/** Addresses that are tried for one Pod when others are taken by other programs. */
const ATTEMPTS = 64;

interface Running {
  readonly ip: string;
  readonly listeners: readonly Listener[];
  readonly log: LogBuffer;
}

/** How sample backends get their addresses. */
export interface SampleOptions {
  /** The first two numbers of each Pod's own loopback address. */
  readonly prefix?: string;
  /** False: all Pods share 127.0.0.1 under different ports, as macOS needs it. */
  readonly aliases?: boolean;
}

/** True when the machine answers on loopback addresses other than 127.0.0.1. */
export function hasLoopbackAliases(): boolean {
  try {
    Deno.listen({ hostname: "127.77.255.254", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Deno.errors.AddrInUse ||
    (error instanceof Error && "code" in error && error.code === "EADDRINUSE");
}

async function listen(pod: BackendSpec, port: BackendPort, at: {
  readonly ip: string;
  readonly shared: boolean;
  readonly log: LogBuffer;
}): Promise<Listener> {
  const options = { pod, hostname: at.ip, port: at.shared ? 0 : port.number, log: at.log };
  return port.protocol === "UDP" ? await listenUdp(options) : listenHttp(options);
}

/** Runs each Pod as servers inside this process, on a loopback address of its own. */
export class SampleRunner implements BackendRunner {
  readonly #prefix: string;
  readonly #shared: boolean;
  readonly #running = new Map<string, Running>();
  readonly #taken = new Set<string>();
  #next = 1;

  constructor(options: SampleOptions = {}) {
    this.#prefix = options.prefix ?? "127.77";
    this.#shared = !(options.aliases ?? hasLoopbackAliases());
  }

  /** @throws {AppError} when no address is left that has the Pod's ports free */
  async start(pod: BackendSpec): Promise<RunningBackend> {
    const log = new LogBuffer();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const ip = this.#address();
      const listeners = await this.#listenAll(pod, ip, log);
      if (!listeners) continue;
      this.#running.set(pod.uid, { ip, listeners, log });
      log.add(`pod ${pod.name} on ${pod.nodeName} listens on ${ip}`);
      return { ips: [ip], ...(this.#shared && { ports: mapping(pod.ports, listeners) }) };
    }
    throw new AppError(
      `no loopback address below ${this.#prefix} has the ports of pod ${pod.name} free: stop what ` +
        "listens on them",
      { kind: "exhausted" },
    );
  }

  async stop(uid: string): Promise<void> {
    const running = this.#running.get(uid);
    if (!running) return;
    this.#running.delete(uid);
    await Promise.all(running.listeners.map((listener) => listener.close()));
    running.log.close();
    this.#taken.delete(running.ip);
  }

  log(uid: string, follow: boolean): readonly string[] | ReadableStream<Uint8Array> | undefined {
    const log = this.#running.get(uid)?.log;
    return follow ? log?.follow() : log?.lines();
  }

  /** All listeners of a Pod, or undefined when one of its ports is taken at this address. */
  async #listenAll(
    pod: BackendSpec,
    ip: string,
    log: LogBuffer,
  ): Promise<readonly Listener[] | undefined> {
    const listeners: Listener[] = [];
    try {
      for (const port of pod.ports) {
        // SCTP has no sockets here: such a port is declared but not served
        if (port.protocol === "SCTP") continue;
        listeners.push(await listen(pod, port, { ip, shared: this.#shared, log }));
      }
      this.#taken.add(ip);
      return listeners;
    } catch (error) {
      await Promise.all(listeners.map((listener) => listener.close()));
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  /** The next address in turn, so that a freed one rests before it is used again. */
  #address(): string {
    if (this.#shared) return "127.0.0.1";
    for (;;) {
      const n = this.#next;
      this.#next = n >= 65_000 ? 1 : n + 1;
      const ip = `${this.#prefix}.${n >> 8}.${n & 255}`;
      const usable = (n & 255) !== 0 && (n & 255) !== 255;
      if (usable && !this.#taken.has(ip)) return ip;
    }
  }
}

function mapping(ports: readonly BackendPort[], listeners: readonly Listener[]) {
  const served = ports.filter((port) => port.protocol !== "SCTP");
  return Object.fromEntries(
    served.map((port, i) => [String(port.number), listeners[i]?.port ?? port.number]),
  );
}
