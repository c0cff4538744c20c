import { getLogger, type Logger } from "@logtape/logtape";
import { AppError, type Clock, errorText } from "../../core/mod.ts";
import type { ProxySpec, RouteSpec } from "../../proxy/types.ts";
import type { ContainerEngine } from "../../runtime/types.ts";
import type {
  CallOptions,
  PlaneEvents,
  PlaneNode,
  RoutePlane,
  RoutesServed,
  Served,
} from "../types.ts";
import { abortable } from "./abortable.ts";
import { adoptFleet } from "./adoption.ts";
import { checkRanges, proxyProtocolOf } from "./service_check.ts";
import { serviceProblems, serviceRoutes } from "./config/mod.ts";
import { Edge } from "./edge.ts";
import { EdgeNetwork } from "./edge_network.ts";
import { Fleet } from "./fleet.ts";
import { bringImage } from "./image_pull.ts";
import { envoyImage } from "./image.ts";
import { KeyLock } from "./key_lock.ts";
import { type LogFiles, LogKeeper } from "./log_keeper.ts";
import { bindingsOf } from "./network_plan.ts";
import { emptySpec, type Proxy } from "./proxy.ts";
import { drained, refusedOf } from "./proxy_talk.ts";
import { Publications } from "./publications.ts";
import { blanked } from "./secrets_blanked.ts";
import { Watch } from "./watch.ts";

/** What the Envoy plane is made of. */
export interface EnvoyPlaneOptions {
  readonly cluster: string;
  readonly engine: ContainerEngine;
  readonly events: PlaneEvents;
  readonly clock: Clock;
  /** Engine network of the addresses; that of the cluster's nodes when not given. */
  readonly network?: string;
  readonly image?: string;
  /** Where the image is pulled from when none is named. */
  readonly registry?: string;
  /** Worker threads of each Envoy. */
  readonly threads?: number;
  /** Makes edge and spare with the first news of nodes, not with the first thing to serve. */
  readonly warm?: boolean;
  /** Publishes every port on the host, too: where the addresses cannot be reached from it. */
  readonly publish?: boolean;
  /** Where logs of proxies are kept when their containers end. */
  readonly logs?: LogFiles;
  readonly logger?: Logger;
}

/**
 * A plane of Envoy containers, one for each Gateway, Service or set of Ingresses.
 *
 * Disposing leaves the data path in place while it serves something; otherwise, and when the
 * cluster's nodes are gone, nothing is left behind.
 */
export function createEnvoyPlane(options: EnvoyPlaneOptions): RoutePlane {
  return new EnvoyPlane(options);
}

class EnvoyPlane implements RoutePlane {
  readonly name = "envoy";
  readonly #options: EnvoyPlaneOptions;
  readonly #log: Logger;
  readonly #image: string;
  readonly #edge: Edge;
  readonly #network: EdgeNetwork;
  readonly #fleet: Fleet;
  readonly #publications: Publications;
  readonly #logs: LogKeeper;
  readonly #locks = new KeyLock();
  readonly #watch: Watch;
  /** What was asked for, by key: bindings are reserved from the call on. */
  readonly #specs = new Map<string, RouteSpec>();
  readonly #served = new Map<string, RoutesServed>();
  readonly #closing = new AbortController();
  #edgeId = "";
  #opening: Promise<void> | undefined;
  #used: Promise<boolean> | undefined;

  constructor(options: EnvoyPlaneOptions) {
    const { cluster, engine, clock, network, registry, threads = 2 } = options;
    const { image = envoyImage(registry) } = options;
    this.#options = options;
    this.#image = image;
    this.#log = options.logger ?? getLogger(["berth", "planes", "envoy"]);
    this.#edge = new Edge({
      cluster,
      engine,
      clock,
      ...(network === undefined ? {} : { network }),
      broken: (reason) => this.#watch.edgeBroken(reason),
    });
    this.#network = new EdgeNetwork(this.#edge);
    const { logs: files } = options;
    this.#logs = new LogKeeper({ cluster, engine, clock, files, logger: this.#log });
    const proxies = { cluster, engine, clock, edge: this.#edge, image, threads, logs: this.#logs };
    this.#fleet = new Fleet(proxies);
    this.#publications = new Publications(proxies);
    this.#watch = new Watch({
      cluster,
      engine,
      clock,
      logs: this.#logs,
      signal: this.#closing.signal,
      recover: () => this.#recover(),
      mend: (container, gone) => this.#mend(container, gone),
      check: () => this.#check(),
    });
  }

  async ensure(spec: ProxySpec, { signal }: CallOptions): Promise<Served> {
    signal.throwIfAborted();
    checkRanges(spec);
    const served = await this.ensureRoutes(serviceRoutes(spec, proxyProtocolOf(spec)), { signal });
    const { key, addresses } = served;
    const refused = [...serviceProblems(spec), ...served.refused]
      .map(({ port, message }) => `port ${port}: ${message}`);
    const published = served.published.length === 0 ? {} : { published: served.published };
    return { key, addresses, warnings: [...served.warnings, ...refused], ...published };
  }

  async ensureRoutes(spec: RouteSpec, { signal }: CallOptions): Promise<RoutesServed> {
    signal.throwIfAborted();
    this.#checkBindings(spec);
    const before = this.#specs.get(spec.key);
    this.#specs.set(spec.key, spec);
    try {
      await abortable(this.#open(), signal);
      const serving = this.#locks.run(spec.key, () => this.#serve(spec, signal));
      return await abortable(serving, signal);
    } catch (error) {
      // what still runs keeps its bindings
      if (before !== undefined) this.#specs.set(spec.key, before);
      else if (this.#fleet.of(spec.key) === undefined) this.#specs.delete(spec.key);
      throw error;
    }
  }

  async remove(key: string, { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    if (!(await this.#isUsed())) return;
    await abortable(this.#open(), signal);
    await abortable(this.#locks.run(key, () => this.#stop(key, signal)), signal);
  }

  async setNodes(nodes: readonly PlaneNode[], { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    this.#network.setNodes(nodes);
    const isWarm = this.#options.warm === true && nodes.some(({ up }) => up);
    if (!isWarm && !(await this.#isUsed())) return;
    await abortable(this.#open(), signal);
    await this.#bring();
    if (isWarm) this.#fleet.replenish();
  }

  async list({ signal }: CallOptions): Promise<readonly Served[]> {
    signal.throwIfAborted();
    if (!(await this.#isUsed())) return [];
    await abortable(this.#open(), signal);
    return this.#fleet.serving.map(({ key, addresses }) => ({
      key,
      addresses: addresses.map((address) => ({ address })),
      warnings: [],
    })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  async config(key: string, { signal }: CallOptions): Promise<unknown> {
    signal.throwIfAborted();
    const proxy = await this.#isUsed()
      ? await this.#open().then(() => this.#fleet.of(key))
      : undefined;
    if (proxy === undefined) {
      throw new AppError(`no proxy serves ${key}`, { kind: "not-found" });
    }
    return blanked(await proxy.admin("/config_dump?include_eds"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    // another worker of this cluster may take the edge away at the same time
    this.#edge.retire();
    await this.#watch.ended;
    await this.#fleet.settle();
    if (this.#opening !== undefined) await this.#leave().catch((error) => this.#failed(error));
    await this.#edge[Symbol.asyncDispose]();
  }

  async #serve(spec: RouteSpec, signal: AbortSignal): Promise<RoutesServed> {
    const { key } = spec;
    const old = this.#fleet.of(key)?.addresses ?? [];
    const [proxy] = await Promise.all([this.#fleet.claim(spec), this.#bring(spec.addresses)]);
    const known = this.#served.get(key);
    const applied = await proxy.apply(spec, signal);
    const files = applied.unchanged ? {} : { files: applied.refused };
    const refused = applied.unchanged && known !== undefined
      ? known.refused
      : await refusedOf(spec, { proxy, ...files });
    const served = {
      key,
      addresses: spec.addresses.map((address) => ({ address })),
      refused,
      ...await this.#published(spec, signal),
    };
    this.#served.set(key, served);
    await this.#network.drop(this.#unused(old));
    this.#fleet.replenish();
    return served;
  }

  /** What cannot be published is told, and served all the same. */
  async #published(
    spec: RouteSpec,
    signal: AbortSignal,
  ): Promise<Pick<RoutesServed, "published" | "warnings">> {
    if (this.#options.publish !== true) {
      await this.#publications.withdraw(spec.key);
      return { published: [], warnings: [] };
    }
    try {
      return { published: await this.#publications.publish(spec, signal), warnings: [] };
    } catch (error) {
      signal.throwIfAborted();
      return { published: [], warnings: [`ports are not published: ${errorText(error)}`] };
    }
  }

  async #stop(key: string, signal: AbortSignal): Promise<void> {
    const proxy = this.#fleet.of(key);
    this.#specs.delete(key);
    this.#served.delete(key);
    if (proxy === undefined) return;
    const old = proxy.addresses;
    try {
      await proxy.apply(emptySpec(key), signal);
      await drained(proxy, { clock: this.#options.clock, signal });
    } catch (error) {
      signal.throwIfAborted();
      this.#log.debug("not drained", { key, reason: errorText(error) });
    }
    this.#fleet.remove(key);
    await this.#publications.withdraw(key);
    await this.#network.drop(this.#unused(old));
  }

  #checkBindings(spec: RouteSpec): void {
    const wanted = new Set(bindingsOf(spec));
    for (const other of this.#specs.values()) {
      if (other.key === spec.key) continue;
      const clash = bindingsOf(other).find((binding) => wanted.has(binding));
      if (clash === undefined) continue;
      throw new AppError(`${clash} of ${spec.key} belongs to ${other.key}: use another port`, {
        kind: "conflict",
      });
    }
  }

  /** Addresses that nobody needs any more. */
  #unused(addresses: readonly string[]): readonly string[] {
    const needed = new Set([
      ...[...this.#specs.values()].flatMap((spec) => spec.addresses),
      ...this.#fleet.serving.flatMap((proxy) => proxy.addresses),
    ]);
    return addresses.filter((address) => !needed.has(address));
  }

  /** Addresses and routes of everything that is served, and of what is about to be. */
  async #bring(more: readonly string[] = []): Promise<void> {
    const addresses = this.#fleet.serving.flatMap((proxy) => proxy.addresses);
    await this.#network.update([...this.#specs.values()], [...addresses, ...more]);
  }

  /** True when this cluster has, or may have, something of ours. */
  #isUsed(): Promise<boolean> {
    if (this.#opening !== undefined) return Promise.resolve(true);
    this.#used ??= this.#edge.exists().catch((error) => {
      this.#used = undefined;
      throw error;
    });
    return this.#used;
  }

  #open(): Promise<void> {
    this.#opening ??= this.#adopt().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #adopt(): Promise<void> {
    const { cluster, engine, clock } = this.#options;
    this.#watch.start();
    const [link] = await Promise.all([
      this.#edge.open(),
      bringImage(this.#image, { engine, clock, signal: this.#closing.signal, log: this.#log }),
    ]);
    const isOther = link.container !== this.#edgeId;
    if (isOther) this.#network.reset();
    const lost = isOther ? this.#fleet.serving : [];
    if (isOther) this.#fleet.dropSpare();
    if (isOther) this.#publications.forget();
    for (const proxy of lost) proxy.forget();
    const [edge, fleet, publications] = [this.#edge, this.#fleet, this.#publications];
    await adoptFleet({ cluster, engine, edge, link, fleet, publications, logs: this.#logs });
    this.#edgeId = link.container;
    if (isOther && !link.isNew) {
      await this.#network.dropStrays(this.#fleet.serving.flatMap(({ addresses }) => addresses));
    }
    await this.#bring();
    for (const proxy of lost) void this.#rebuild(proxy);
  }

  /** Serves again what an edge took along. */
  async #rebuild(proxy: Proxy): Promise<void> {
    const { key } = proxy;
    try {
      await this.#locks.run(key, async () => {
        if (this.#fleet.of(key) !== proxy) return;
        const spec = this.#specs.get(key);
        if (spec !== undefined) await this.#serve(spec, this.#closing.signal);
        else this.#options.events.broken([key], "its files were lost");
      });
      this.#log.info("proxy restored", { key });
      this.#fleet.replenish();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#options.events.broken([key], errorText(error));
    }
  }

  /** The edge broke: it is found or made again with all that it carried. */
  async #recover(): Promise<void> {
    this.#network.doubt();
    this.#opening = undefined;
    await this.#open();
    if (this.#fleet.serving.length === 0) this.#fleet.replenish();
  }

  /** A proxy's container ended, or is gone. */
  async #mend(container: string, isGone: boolean): Promise<void> {
    const publication = this.#publications.keyOf(container);
    if (publication !== undefined) return await this.#republish(publication);
    const proxy = await this.#fleet.byContainer(container);
    if (proxy === undefined) return;
    if (proxy.key === "") {
      this.#fleet.dropSpare();
      return this.#fleet.replenish();
    }
    const { key } = proxy;
    await this.#locks.run(key, async () => {
      if (this.#fleet.of(key) !== proxy || proxy.container !== container) return;
      this.#log.warn("proxy ended, starting it again", { key });
      await (isGone ? this.#fleet.remake(proxy) : this.#fleet.revive(proxy));
    }).catch((error) => {
      if (!this.#closing.signal.aborted) {
        this.#options.events.broken([key], `its proxy does not start: ${errorText(error)}`);
      }
    });
  }

  /** A container with published ports ended: another takes its place, as near as it gets. */
  async #republish(key: string): Promise<void> {
    await this.#publications.withdraw(key);
    this.#options.events.broken([key], "its published ports were lost");
  }

  /** The engine's events were interrupted: whatever may have happened meanwhile is looked for. */
  async #check(): Promise<void> {
    if (this.#opening === undefined) return;
    await this.#open();
    const states = await this.#watch.states();
    if (states.get(this.#edgeId) !== true) return await this.#watch.edgeBroken("it does not run");
    for (const { container } of this.#fleet.serving) {
      if (container === undefined || states.get(container) === true) continue;
      await this.#mend(container, !states.has(container));
    }
  }

  /** Nothing is served, or the cluster is gone: nothing is left behind. */
  async #leave(): Promise<void> {
    await this.#opening;
    // another worker of this cluster was faster
    if (!(await this.#edge.exists())) return;
    const isServing = this.#fleet.serving.length > 0 || await this.#watch.othersServe(this.#edge);
    if (isServing && await this.#watch.hasNodes()) return;
    await this.#watch.removeAll();
    await this.#edge.remove();
  }

  #failed(error: unknown): void {
    this.#log.warn("proxies not put away", { reason: errorText(error) });
  }
}
