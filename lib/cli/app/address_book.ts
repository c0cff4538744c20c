import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import { Ledger, networkPools } from "../../addresses/mod.ts";
import type { ContainerEngine } from "../../runtime/types.ts";

const log = getLogger(["berth", "addresses"]);

/** The engine, as far as addresses go. */
export type AddressEngine = Pick<ContainerEngine, "network" | "networkAddresses" | "events">;

/** One ledger for each engine network, shared by the clusters on it. */
export class AddressBook {
  /** Told when a container lets go of addresses that somebody may be waiting for. */
  freed: (addresses: readonly string[], ledger: Ledger) => void = () => {};
  readonly #engine: AddressEngine;
  readonly #ledgers = new Map<string, Promise<Ledger>>();
  readonly #gateways = new Map<string, readonly string[]>();
  readonly #reserved = new Map<string, ReadonlySet<string>>();

  constructor(engine: AddressEngine) {
    this.#engine = engine;
  }

  /** The ledger of a network, with what the engine itself uses already taken out. */
  async ledger(network: string): Promise<Ledger> {
    const known = this.#ledgers.get(network) ?? this.#open(network);
    this.#ledgers.set(network, known);
    try {
      return await known;
    } catch (error) {
      this.#ledgers.delete(network);
      throw error;
    }
  }

  /** Follows what the engine hands out, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    for await (const event of this.#engine.events({ signal })) {
      const touched = event.kind === "resync"
        ? [...this.#ledgers.keys()]
        : event.kind === "network"
        ? [event.network].filter((network) => this.#ledgers.has(network))
        : [];
      for (const network of touched) {
        await this.#refresh(network).catch((error) => {
          if (signal.aborted) return;
          log.warn("cannot read the addresses of a network", { network, error: errorText(error) });
        });
      }
    }
  }

  async #open(network: string): Promise<Ledger> {
    const { subnets, gateways } = await this.#engine.network(network);
    const ledger = new Ledger(networkPools({ name: network, subnets }));
    this.#gateways.set(network, gateways);
    for (const gateway of gateways) ledger.reserve(gateway, `the gateway of network ${network}`);
    this.#reserve(network, ledger, await this.#engine.networkAddresses(network));
    return ledger;
  }

  async #refresh(network: string): Promise<void> {
    const ledger = await this.#ledgers.get(network);
    if (ledger === undefined) return;
    this.#reserve(network, ledger, await this.#engine.networkAddresses(network));
  }

  #reserve(network: string, ledger: Ledger, addresses: readonly string[]): void {
    const before = this.#reserved.get(network) ?? new Set<string>();
    const gateways = this.#gateways.get(network) ?? [];
    const now = new Set(addresses.filter((address) => !gateways.includes(address)));
    const gone = [...before].filter((address) => !now.has(address));
    for (const address of gone) ledger.unreserve(address);
    for (const address of now) {
      if (before.has(address)) continue;
      ledger.reserve(address, `a container on network ${network}`);
      for (const key of ledger.clash(address)) {
        log.warn("the engine gave a container the address of a Service: restart that container", {
          address,
          service: key,
        });
      }
    }
    this.#reserved.set(network, now);
    if (gone.length > 0) this.freed(gone, ledger);
  }
}
