import { AppError, type Clock, errorText, systemClock } from "../../core/mod.ts";
import type { Listener, ProxySpec } from "../../proxy/types.ts";
import type { CallOptions, Plane, PlaneEvents, Served } from "../types.ts";
import type { BindAddress } from "./bind_error.ts";
import { type Held, HeldListeners } from "./held_listeners.ts";
import { hostPort, type ListenerId, listenerId, planListeners } from "./listener_plan.ts";
import { routeOf } from "./route.ts";
import type { ServerOptions } from "./server.ts";
import { openTcpServer } from "./tcp_server.ts";
import { openUdpServer } from "./udp_server.ts";

/** Options of {@link createEmbeddedPlane}; times in milliseconds. */
export interface EmbeddedPlaneOptions {
  readonly events: PlaneEvents;
  /** Where to bind a listener whose own address this machine cannot have; default: its address. */
  readonly mapAddress?: (listener: Listener) => BindAddress;
  readonly clock?: Clock;
  /** For one endpoint to accept a connection; default 2 s. */
  readonly connectTimeoutMs?: number;
  /** Silence after which a UDP session ends; default 60 s. */
  readonly udpIdleMs?: number;
  /**
   * Sessions of one UDP listener at most; default 1024. The most silent one makes room: each holds
   * a file descriptor, and source addresses are easily forged.
   */
  readonly udpSessions?: number;
  /** How long connections of a removed listener may go on; default 1 s. */
  readonly drainMs?: number;
}

/**
 * A TCP and UDP proxy in this process. Needs net permission for the listeners' addresses and the
 * endpoints, and for `0.0.0.0` and `::` where UDP endpoints are not on loopback.
 *
 * Established TCP connections outlive a change of endpoints, as they do with kube-proxy; UDP
 * sessions of an endpoint that left move to another one.
 */
export function createEmbeddedPlane(options: EmbeddedPlaneOptions): Plane {
  return new EmbeddedPlane(options);
}

class EmbeddedPlane implements Plane {
  readonly name = "embedded";
  readonly #options: EmbeddedPlaneOptions;
  readonly #held = new HeldListeners();
  readonly #served = new Map<string, Served>();
  /** Servers that let their last flows end. */
  readonly #ending = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(options: EmbeddedPlaneOptions) {
    this.#options = options;
  }

  async ensure(spec: ProxySpec, { signal }: CallOptions): Promise<Served> {
    signal.throwIfAborted();
    const plan = planListeners(spec, this.#held);
    if (plan.conflicts.length > 0) {
      const message = `cannot share ${plan.conflicts.join(", ")}: choose other ports or addresses`;
      throw new AppError(message, { kind: "conflict" });
    }
    const routes = plan.update.map((listener) =>
      [listenerId(listener), routeOf(listener)] as const
    );
    await this.#openAll(spec.key, plan.open);
    for (const [id, route] of routes) this.#held.get(id)?.server.update(route);
    await this.#closeAll(plan.close);
    return this.#confirm(spec, plan.warnings);
  }

  async remove(key: string, { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    this.#served.delete(key);
    await this.#closeAll(this.#held.ofKey(key));
  }

  /** Endpoints are reached by their addresses: nodes do not matter here. */
  setNodes(): Promise<void> {
    return Promise.resolve();
  }

  list(): Promise<readonly Served[]> {
    return Promise.resolve([...this.#served.values()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#served.clear();
    await this.#closeAll(this.#held.all(), 0);
    await Promise.all(this.#ending);
  }

  /** Opens all or none. */
  async #openAll(key: string, listeners: readonly Listener[]): Promise<void> {
    const opened = await Promise.allSettled(listeners.map((listener) => this.#open(key, listener)));
    const failures = opened.filter((result) => result.status === "rejected");
    if (failures.length === 0) return;
    const done = opened.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    await this.#closeAll(done, 0);
    throw combined(failures.map(({ reason }) => reason));
  }

  async #open(key: string, listener: Listener): Promise<ListenerId> {
    const { clock = systemClock, connectTimeoutMs = 2_000 } = this.#options;
    const { udpIdleMs = 60_000, udpSessions = 1_024 } = this.#options;
    const id = listenerId(listener);
    const options: ServerOptions = {
      ...{ at: this.#bindAddress(listener), route: routeOf(listener), stop: this.#stop.signal },
      ...{ clock, connectTimeoutMs, udpIdleMs, udpSessions },
      onBroken: (reason) => this.#broke(id, reason),
    };
    const open = listener.protocol === "UDP" ? openUdpServer : openTcpServer;
    this.#held.add(id, { key, server: await open(options) });
    return id;
  }

  #broke(id: ListenerId, reason: string): void {
    const held = this.#held.take(id); // so that the next ensure opens it again
    if (held === undefined) return;
    void held.server.free();
    this.#end(held.server, 0);
    this.#options.events.broken([held.key], `${id}: ${reason}`);
  }

  async #closeAll(ids: readonly ListenerId[], drainMs = this.#options.drainMs ?? 1_000) {
    const held = ids.flatMap((id) => this.#held.take(id) ?? []);
    await Promise.all(held.map(({ server }) => server.free()));
    for (const { server } of held) this.#end(server, drainMs);
  }

  #end(server: Held["server"], drainMs: number): void {
    const ending = server.end(drainMs).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #confirm(spec: ProxySpec, warnings: readonly string[]): Served {
    const addresses = spec.addresses.map((address) => ({ address }));
    const mapped = spec.listeners.flatMap((listener) => this.#mappedWarning(listener));
    const served = { key: spec.key, addresses, warnings: [...warnings, ...mapped] };
    this.#served.set(spec.key, served);
    return served;
  }

  #bindAddress(listener: Listener): BindAddress {
    const { address: hostname, port } = listener;
    return this.#options.mapAddress?.(listener) ?? { hostname, port };
  }

  #mappedWarning(listener: Listener): readonly string[] {
    const { hostname, port } = this.#bindAddress(listener);
    if (listener.protocol === "SCTP" || (hostname === listener.address && port === listener.port)) {
      return [];
    }
    return [`${listenerId(listener)} is reached at ${hostPort(hostname, port)} on this machine`];
  }
}

function combined(errors: readonly unknown[]): unknown {
  const [first] = errors;
  if (errors.length === 1 || !(first instanceof AppError)) return first;
  return new AppError(errors.map(errorText).join("; "), { kind: first.kind, cause: first });
}
