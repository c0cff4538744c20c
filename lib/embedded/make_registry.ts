import { AppError } from "../core/mod.ts";
import { parseNetwork } from "./ip_address.ts";
import { Registry } from "./registry.ts";
import { RESOURCES } from "./resources.ts";
import { ServiceAllocator } from "./service_allocator.ts";
import { Store } from "./store.ts";
import { strategies } from "./strategies.ts";

/** The service network of a cluster that says nothing else. */
export const DEFAULT_NETWORK = "10.96.0.0/16";

/** What a registry is made from; every member but the clock has a default. */
export interface RegistryParts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Service networks, one for each family, the primary one first. */
  readonly serviceNetworks?: readonly string[] | undefined;
  /** First and last node port. */
  readonly nodePorts?: readonly [number, number] | undefined;
  /** How many changes of each resource a watch can resume over. */
  readonly historySize?: number | undefined;
}

function networks(texts: readonly string[]) {
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (network) return network;
    throw new AppError(`service network "${text}" is not in prefix notation`, { kind: "invalid" });
  });
}

/**
 * An empty registry of every resource with its rules.
 *
 * @throws {AppError} when a service network cannot be read
 */
export function makeRegistry(options: RegistryParts): Registry {
  const store = new Store(options.historySize ?? 20_000);
  const allocator = new ServiceAllocator({
    networks: networks(options.serviceNetworks ?? [DEFAULT_NETWORK]),
    nodePorts: options.nodePorts ?? [30_000, 32_767],
  });
  store.subscribe({ group: "", plural: "services" }, {}, (change) => allocator.observe(change));
  return new Registry({
    store,
    rows: RESOURCES,
    strategies: strategies(allocator),
    now: () => options.now(),
    uid: () => crypto.randomUUID(),
    suffix: () => randomSuffix(),
  });
}

/** Five characters of the alphabet that generated names use. */
function randomSuffix(): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from(crypto.getRandomValues(new Uint8Array(5)), (n) => alphabet[n % alphabet.length])
    .join("");
}
