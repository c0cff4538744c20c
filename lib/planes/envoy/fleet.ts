import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import type { Container } from "../../runtime/types.ts";
import type { RouteSpec } from "../../proxy/types.ts";
import { Limiter } from "./limiter.ts";
import { proxyName } from "./names.ts";
import { Proxy, type ProxyOptions } from "./proxy.ts";
import { newProxyId } from "./proxy_id.ts";
import type { ProxyState } from "./state.ts";

const log = getLogger(["berth", "planes", "envoy"]);

/** Containers that are made at the same time. */
const AT_ONCE = 8;

/** The proxies of a cluster, and one that waits for work: a start takes longer than a change. */
export class Fleet {
  readonly #options: ProxyOptions;
  readonly #byKey = new Map<string, Proxy>();
  readonly #limiter = new Limiter(AT_ONCE);
  readonly #background = new Set<Promise<void>>();
  /** Those whose container is being brought up, or could not be. */
  readonly #down = new Map<Proxy, Promise<void>>();
  #spare: Promise<Proxy> | undefined;
  #starting = 0;
  #closed = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  /** Those that serve something. */
  get serving(): readonly Proxy[] {
    return [...this.#byKey.values()];
  }

  of(key: string): Proxy | undefined {
    return this.#byKey.get(key);
  }

  /** The proxy of a container, the spare included. */
  async byContainer(id: string): Promise<Proxy | undefined> {
    const spare = await this.#spare?.catch(() => undefined);
    return [...this.#byKey.values(), ...(spare === undefined ? [] : [spare])]
      .find(({ container }) => container === id);
  }

  /** A proxy's directory was found, perhaps with its container; one without a key is the spare. */
  found(state: ProxyState, container: Container | undefined): void {
    if (state.key === "") return this.#foundSpare(state, container);
    if (this.#byKey.has(state.key)) return;
    const proxy = new Proxy(state.id, this.#options);
    proxy.adopt(state, container?.id);
    this.#byKey.set(state.key, proxy);
    if (container?.running === true) return;
    const up = this.#limited(() => this.revive(proxy));
    this.#down.set(proxy, up);
    this.#later(up);
  }

  #foundSpare(state: ProxyState, container: Container | undefined): void {
    if (this.#spare !== undefined || container?.running !== true) return;
    const proxy = new Proxy(state.id, this.#options);
    proxy.adopt(state, container.id);
    this.#spare = Promise.resolve(proxy);
  }

  /** The proxy of a spec: that of its key, the spare, or a new one. It runs. */
  async claim(spec: RouteSpec): Promise<Proxy> {
    const { key } = spec;
    const own = this.#byKey.get(key);
    if (own !== undefined) {
      // one that did not start is not there, whatever its files say
      if (own.container !== undefined) await this.#down.get(own)?.catch(() => this.revive(own));
      else await this.start(own, spec);
      return own;
    }
    const spare = await this.#takeSpare();
    await spare?.claim(key, proxyName(key));
    const proxy = spare ?? await this.#make(spec);
    this.#byKey.set(key, proxy);
    return proxy;
  }

  /** Starts a proxy whose directory and container are gone. */
  async start(proxy: Proxy, spec: RouteSpec): Promise<void> {
    await this.#limited(() => proxy.start({ name: proxyName(spec.key), spec }));
    this.#down.delete(proxy);
  }

  /** Starts the container of a proxy that has its directory; makes another where that fails. */
  revive(proxy: Proxy): Promise<void> {
    return this.#bringUp(proxy, () => proxy.restart().catch(() => this.#remade(proxy)));
  }

  /** Makes the container of a proxy anew; its directory is there. */
  remake(proxy: Proxy): Promise<void> {
    return this.#bringUp(proxy, () => this.#remade(proxy));
  }

  async #remade(proxy: Proxy): Promise<void> {
    await proxy.discardContainer();
    await proxy.startContainer(proxyName(proxy.key));
  }

  async #bringUp(proxy: Proxy, work: () => Promise<void>): Promise<void> {
    const up = work();
    this.#down.set(proxy, up);
    await up;
    if (this.#down.get(proxy) === up) this.#down.delete(proxy);
  }

  /** Makes a spare, unless there is one; never waited for. */
  replenish(): void {
    if (this.#closed || this.#spare !== undefined || this.#starting > 0) return;
    const spare = this.#make();
    this.#spare = spare;
    spare.catch((error) => {
      if (this.#spare === spare) this.#spare = undefined;
      if (!this.#closed) log.warn("no spare proxy", { reason: errorText(error) });
    });
  }

  /** The spare is gone. */
  dropSpare(): void {
    this.#spare = undefined;
  }

  async spare(): Promise<Proxy | undefined> {
    return await this.#spare?.catch(() => undefined);
  }

  /** Forgets the proxy of a key; its container goes meanwhile. */
  remove(key: string): void {
    const proxy = this.#byKey.get(key);
    if (proxy === undefined) return;
    this.#byKey.delete(key);
    this.#down.delete(proxy);
    this.#later(proxy.remove());
  }

  /** Waits for what goes on beside the calls. */
  async settle(): Promise<void> {
    this.#closed = true;
    await this.#spare?.catch(() => {});
    await Promise.all(this.#background);
  }

  async #takeSpare(): Promise<Proxy | undefined> {
    const spare = this.#spare;
    this.#spare = undefined;
    const proxy = await spare?.catch(() => undefined);
    // another worker of this cluster may have found it as well
    return proxy !== undefined && await proxy.take() ? proxy : undefined;
  }

  async #make(spec?: RouteSpec): Promise<Proxy> {
    const proxy = new Proxy(newProxyId(), this.#options);
    const work = spec === undefined ? undefined : { name: proxyName(spec.key), spec };
    try {
      await this.#limited(() => proxy.start(work));
      return proxy;
    } catch (error) {
      this.#later(proxy.remove());
      throw error;
    }
  }

  async #limited(work: () => Promise<void>): Promise<void> {
    this.#starting++;
    try {
      await this.#limiter.run(work);
    } finally {
      this.#starting--;
    }
  }

  #later(work: Promise<void>): void {
    const done = work.catch((error) => {
      log.warn("proxy not started or removed", { reason: errorText(error) });
    }).finally(() => this.#background.delete(done));
    this.#background.add(done);
  }
}
