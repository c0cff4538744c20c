import { getLogger } from "@logtape/logtape";
import { type Clock, errorKind, errorText } from "../../core/mod.ts";
import { createEmbeddedPlane } from "../../planes/embedded/mod.ts";
import type { Plane, PublishedPort, ServedAddress } from "../../planes/types.ts";
import type { ProxySpec } from "../../proxy/types.ts";

const log = getLogger(["berth", "tunnels"]);

/** Milliseconds after which what could not be bound is tried again. */
const RETRY_MS = 5_000;

/** What is served, and where this machine reaches it. */
export interface TunnelEnds {
  /** `<cluster>/…`. */
  readonly key: string;
  readonly addresses: readonly ServedAddress[];
  readonly published?: readonly PublishedPort[];
}

/** Options of {@link Tunnels}. */
export interface TunnelOptions {
  readonly clock: Clock;
  readonly platform: string;
}

interface Tunnel {
  readonly print: string;
  readonly stop: AbortController;
  readonly specs: readonly ProxySpec[];
  done: Promise<void>;
}

/**
 * Makes addresses of the engine's network answer on a machine that cannot route to them: TCP and
 * UDP proxies in this process, bound to the addresses themselves, lead to the published ports.
 * The machine must have the addresses; what lacks is said once, and tried again until it is there.
 */
export class Tunnels implements AsyncDisposable {
  readonly #options: TunnelOptions;
  readonly #plane: Plane;
  readonly #byKey = new Map<string, Tunnel>();
  /** Keys that are being taken away. */
  readonly #ends = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: TunnelOptions) {
    this.#options = options;
    const { clock } = options;
    const broken = (_keys: readonly string[], reason: string) =>
      log.warn("tunnel broke", { reason });
    this.#plane = createEmbeddedPlane({ clock, events: { moved: () => {}, broken } });
  }

  /** Leads exactly these addresses and ports; returns at once. */
  follow(ends: TunnelEnds): void {
    const print = JSON.stringify([ends.addresses, ends.published ?? []]);
    if (this.#byKey.get(ends.key)?.print === print) return;
    const before = this.#end(ends.key);
    const tunnel: Tunnel = {
      print,
      stop: new AbortController(),
      specs: tunnelSpecs(ends),
      done: Promise.resolve(),
    };
    this.#byKey.set(ends.key, tunnel);
    tunnel.done = before.then(() => this.#run(ends.key, tunnel)).catch(() => {});
  }

  /** Ends the tunnels of a key. */
  drop(key: string): void {
    void this.#end(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#byKey.keys(), ...this.#ends.keys()].map((key) => this.#end(key)));
    await this.#plane[Symbol.asyncDispose]();
  }

  /** Ends follow one another: a tunnel that comes back must not meet the end of the last. */
  #end(key: string): Promise<void> {
    const tunnel = this.#byKey.get(key);
    this.#byKey.delete(key);
    tunnel?.stop.abort();
    const before = this.#ends.get(key) ?? Promise.resolve();
    const end = before.then(() => this.#takeAway(tunnel)).finally(() => {
      if (this.#ends.get(key) === end) this.#ends.delete(key);
    });
    this.#ends.set(key, end);
    return end;
  }

  async #takeAway(tunnel: Tunnel | undefined): Promise<void> {
    if (tunnel === undefined) return;
    await tunnel.done;
    const { signal } = new AbortController();
    for (const spec of tunnel.specs) await this.#plane.remove(spec.key, { signal });
  }

  async #run(key: string, { stop, specs }: Tunnel): Promise<void> {
    const signal = AbortSignal.any([stop.signal, this.#closing.signal]);
    let told = "";
    for (let left = specs; !signal.aborted;) {
      const failed = await this.#open(left, signal);
      if (failed.length === 0) break;
      const reason = failed.map(({ reason }) => reason).join("; ");
      if (reason !== told) log.warn("address cannot be reached from here yet", { key, reason });
      told = reason;
      left = failed.map(({ spec }) => spec);
      await this.#options.clock.sleep(RETRY_MS, signal);
    }
    if (told !== "" && !signal.aborted) log.info("address is reached now", { key });
  }

  async #open(
    specs: readonly ProxySpec[],
    signal: AbortSignal,
  ): Promise<readonly { readonly spec: ProxySpec; readonly reason: string }[]> {
    const failed: { spec: ProxySpec; reason: string }[] = [];
    for (const spec of specs) {
      try {
        await this.#plane.ensure(spec, { signal });
      } catch (error) {
        signal.throwIfAborted();
        failed.push({ spec, reason: this.#remedy(spec, error) });
      }
    }
    return failed;
  }

  /** An address that this machine does not have can be given to it by hand. */
  #remedy({ addresses: [address = ""] }: ProxySpec, error: unknown): string {
    if (errorKind(error) !== "exhausted") return errorText(error);
    return `this machine has no address ${address}: ${
      aliasCommand(this.#options.platform, address)
    }`;
  }
}

/** What a person types so that the machine has an address. */
export function aliasCommand(platform: string, address: string): string {
  if (platform === "darwin") {
    return address.includes(":")
      ? `run "sudo ifconfig lo0 inet6 ${address}/128 alias"`
      : `run "sudo ifconfig lo0 alias ${address} 255.255.255.255"`;
  }
  if (platform === "windows") {
    return address.includes(":")
      ? `as administrator, run "netsh interface ipv6 add address 1 ${address}/128"`
      : `as administrator, run "netsh interface ip add address loopback ${address} 255.255.255.255"`;
  }
  const length = address.includes(":") ? 128 : 32;
  return `run "sudo ip address add ${address}/${length} dev lo"`;
}

/** One spec for each address and port, so that one that cannot be bound keeps no other. */
export function tunnelSpecs({ key, addresses, published = [] }: TunnelEnds): readonly ProxySpec[] {
  return addresses.flatMap(({ address }) =>
    published.map(({ protocol, port, hostPort }): ProxySpec => ({
      key: `${key} ${address} ${port}/${protocol}`,
      addresses: [address],
      announcers: [],
      listeners: [{
        ...{ address, protocol, port, family: address.includes(":") ? "IPv6" : "IPv4" } as const,
        ...{ sourceRanges: [], closed: false, affinity: "none" } as const,
        endpoints: [{ address: "127.0.0.1", port: hostPort }],
      }],
    }))
  );
}
