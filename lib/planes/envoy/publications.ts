import { getLogger } from "@logtape/logtape";
import { AppError, errorText } from "../../core/mod.ts";
import type { RouteSpec } from "../../proxy/types.ts";
import type { Container } from "../../runtime/types.ts";
import type { PublishedPort } from "../types.ts";
import { KeyLock } from "./key_lock.ts";
import { PORTS_LABEL, PROXY_LABEL, publicationName } from "./names.ts";
import { Proxy, type ProxyOptions } from "./proxy.ts";
import { newProxyId } from "./proxy_id.ts";
import {
  forwardSpec,
  hostPortsTaken,
  portsText,
  portsToPublish,
  type PortToPublish,
  publishedPorts,
  publishPlans,
} from "./publish_plan.ts";
import type { ProxyState } from "./state.ts";

const log = getLogger(["berth", "planes", "envoy"]);

/** How the key of a publication differs from that of the proxy behind it. */
const MARK = "published ";

interface Publication {
  readonly proxy: Proxy;
  readonly ports: string;
}

/**
 * Containers that publish ports on the host and hand everything on to the addresses. They are
 * apart from the proxies, since the engine fixes published ports when it makes a container.
 */
export class Publications {
  readonly #options: ProxyOptions;
  readonly #byKey = new Map<string, Publication>();
  readonly #locks = new KeyLock();
  /** Host ports that keys have, also while their containers are made again: `80/tcp`. */
  readonly #granted = new Map<string, ReadonlySet<string>>();

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  /** True for the state of a publication. */
  static isOne({ key }: ProxyState): boolean {
    return key.startsWith(MARK);
  }

  /** Publishes exactly the ports of a spec; tells where they are. */
  publish(spec: RouteSpec, signal: AbortSignal): Promise<readonly PublishedPort[]> {
    return this.#locks.run(spec.key, async () => {
      const ports = portsToPublish(spec);
      const held = this.#byKey.get(spec.key);
      if (held !== undefined && (held.ports !== portsText(ports) || ports.length === 0)) {
        await this.#discard(spec.key);
      }
      if (ports.length === 0) {
        this.#granted.delete(spec.key);
        return [];
      }
      const proxy = this.#byKey.get(spec.key)?.proxy ?? await this.#make(spec.key, ports);
      await proxy.apply(forwardSpec(proxy.key, ports), signal);
      const published = publishedPorts(ports, await this.#container(proxy));
      this.#granted.set(spec.key, new Set(published.map(hostName)));
      return published;
    });
  }

  /** Publishes nothing for a key any more. */
  withdraw(key: string): Promise<void> {
    return this.#locks.run(key, async () => {
      await this.#discard(key);
      this.#granted.delete(key);
    });
  }

  /** Takes over what an earlier run published. */
  found(state: ProxyState, container: Container | undefined): void {
    const key = state.key.slice(MARK.length);
    if (container?.running !== true || this.#byKey.has(key)) return;
    const ports = container.labels[PORTS_LABEL] ?? "";
    const proxy = new Proxy(state.id, this.#options);
    proxy.adopt(state, container.id);
    this.#byKey.set(key, { proxy, ports });
  }

  /** The edge is new: nothing is published. */
  forget(): void {
    this.#byKey.clear();
  }

  /** The key that a container publishes for, if it is one of these. */
  keyOf(container: string): string | undefined {
    for (const [key, { proxy }] of this.#byKey) if (proxy.container === container) return key;
    return undefined;
  }

  async #make(key: string, ports: readonly PortToPublish[]): Promise<Proxy> {
    const taken = hostPortsTaken(await this.#options.engine.containers({ labels: [] }));
    const isFixed = ports.some((one) => !taken.has(portsText([one])));
    const isFree = (name: string) => !taken.has(name) && !this.#isOthers(name, key);
    const proxy = await this.#start(ports, isFree).catch((error) => {
      if (!isFixed) throw error;
      // a program of the host has one of them: the engine's words alone tell which
      log.debug("ports not published as they are", { key, reason: errorText(error) });
      return this.#start(ports, () => false);
    });
    await proxy.claim(MARK + key, publicationName(key));
    this.#byKey.set(key, { proxy, ports: portsText(ports) });
    return proxy;
  }

  #isOthers(name: string, key: string): boolean {
    return [...this.#granted].some(([other, names]) => other !== key && names.has(name));
  }

  async #start(
    ports: readonly PortToPublish[],
    isFree: (name: string) => boolean,
  ): Promise<Proxy> {
    const publish = { ports: publishPlans(ports, isFree), text: portsText(ports) };
    const proxy = new Proxy(newProxyId(), this.#options, publish);
    try {
      await proxy.start();
      return proxy;
    } catch (error) {
      await proxy.remove().catch(() => {});
      throw error;
    }
  }

  async #discard(key: string): Promise<void> {
    const held = this.#byKey.get(key);
    this.#byKey.delete(key);
    await held?.proxy.remove();
  }

  async #container({ id }: Proxy): Promise<Container> {
    const labels = [`${PROXY_LABEL}=${id}`];
    const [found] = await this.#options.engine.containers({ labels });
    if (found !== undefined) return found;
    throw new AppError("the container with the published ports is gone: trying again", {
      kind: "unavailable",
    });
  }
}

function hostName({ hostPort, protocol }: PublishedPort): string {
  return `${hostPort}/${protocol.toLowerCase()}`;
}
