import assert from "assert";
import { addressAsk, decideAddresses, Ledger } from "../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../lib/pools/mod.ts";
import type {
  AddressAsk,
  AddressUse,
  PoolDecision,
  PoolProblem,
} from "../../lib/addresses/types.ts";
import type { Service, ServiceSpec } from "../../lib/kube/types.ts";

/** What of a Service matters to its address. */
export interface ServiceWish {
  readonly spec?: Partial<ServiceSpec>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** A use that shares with nobody. */
export const alone: AddressUse = { ports: ["TCP/80"], sharingKey: "" };

/** A Service `namespace/name` of type LoadBalancer. */
export function wishService(key: string, wish: ServiceWish = {}): Service {
  const [namespace = "", name = ""] = key.split("/");
  const { spec = {}, annotations = {}, labels = {} } = wish;
  return {
    metadata: { name, namespace, uid: key, resourceVersion: "1", annotations, labels },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
  };
}

/** A ConfigMap, its ledger, and Services that come one after the other. */
export class AddressBed {
  readonly ledger = new Ledger([]);
  problems: readonly PoolProblem[] = [];
  #config = parsePoolConfig({}).config;

  constructor(data: Readonly<Record<string, string>>) {
    this.configure(data);
  }

  /** The pools as they are now. */
  get config() {
    return this.#config;
  }

  /** Puts another ConfigMap in its place. */
  configure(data: Readonly<Record<string, string>>): void {
    const { config, problems } = parsePoolConfig(data);
    this.#config = config;
    this.problems = problems;
    this.ledger.configure(config.pools, config);
  }

  /** Gives addresses to somebody else. */
  use(addresses: readonly string[], use: AddressUse = alone): this {
    for (const [i, address] of addresses.entries()) {
      assert.ok(this.ledger.restore(`used/${i}-${address}`, address, use));
    }
    return this;
  }

  ask(key: string, { namespaceLabels = {}, ...wish }: ServiceWish = {}): AddressAsk {
    return addressAsk(wishService(key, wish), { key, namespaceLabels });
  }

  /** Decides and takes nothing. */
  decide(key: string, wish: ServiceWish = {}): PoolDecision {
    return decideAddresses(this.ask(key, wish), this.#config, this.ledger);
  }

  /** Decides, commits, and tells the addresses or why there is none. */
  serve(key: string, wish: ServiceWish = {}): string {
    const decision = this.decide(key, wish);
    if (decision.kind === "refuse") return `${decision.reason}: ${decision.message}`;
    const result = this.ledger.commit(key, decision.addresses, decision.use);
    assert.deepEqual(result, { ok: true });
    this.ledger.settle(key, decision.addresses);
    return decision.addresses.join(",");
  }
}
