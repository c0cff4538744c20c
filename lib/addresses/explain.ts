import type { Service } from "../kube/types.ts";
import { decideAddresses } from "./decide.ts";
import { Ledger } from "./ledger.ts";
import { poolUse } from "./pool_choice.ts";
import { addressAsk, type AskOptions } from "./service_ask.ts";
import type { AddressAsk, LedgerConflict, PoolConfig, PoolDecision, PoolUsage } from "./types.ts";

/** Services and the pools that serve them. */
export interface ExplainInput {
  readonly config: PoolConfig;
  /** In the order in which they come; those of other types than LoadBalancer are left out. */
  readonly services: readonly Service[];
  /** Labels by namespace, where pools select by them. */
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Addresses that no Service may have, canonical text, and who has them: `node one`. */
  readonly reserved?: ReadonlyMap<string, string>;
  /** Why a Service is somebody else's; undefined when it is ours. */
  foreign(service: Service): string | undefined;
  /** Addresses that a Service has from before, canonical text: nobody else is given them. */
  existing(service: Service): readonly string[];
  /** Whether what it has from before may be a wish that nobody granted: others go first. */
  unsure?(service: Service): boolean;
  /** What a Service asks for; absent: all that stands in it. */
  ask?(service: Service, options: AskOptions): AddressAsk;
}

/** What becomes of one Service, and why. */
export interface Explanation {
  /** `namespace/name`. */
  readonly service: string;
  readonly addresses: readonly string[];
  readonly pool: string | undefined;
  readonly reason: string;
  /** False when it should have an address and gets none. */
  readonly ok: boolean;
  readonly warnings: readonly string[];
}

/** How full the pools are, and what is wrong with their use. */
export interface PoolSurvey {
  readonly usage: readonly PoolUsage[];
  readonly conflicts: readonly LedgerConflict[];
  readonly strays: readonly { readonly key: string; readonly address: string }[];
  /** Services that wait for what they ask for, whatever they have, or have nothing, and why. */
  readonly pending: readonly { readonly service: string; readonly reason: string }[];
}

/**
 * Gives addresses to Services in memory, as a fresh start would: first everything that Services
 * already have stays theirs, the oldest first; then the others are served in their order.
 */
export function explainPools(input: ExplainInput): readonly Explanation[] {
  const { ledger, asks } = restored(input);
  return asks.map(({ ask, foreign }) => {
    if (foreign !== undefined) return leftAlone(ask.key, foreign, ledger.held(ask.key));
    const decision = decideAddresses(ask, input.config, ledger);
    if (decision.kind === "take") {
      ledger.commit(ask.key, decision.addresses, decision.use);
      ledger.settle(ask.key, decision.addresses);
    }
    return explained(ask, decision, ledger.held(ask.key));
  });
}

/** The pools as Services use them now; nothing is given. */
export function surveyPools(input: ExplainInput): PoolSurvey {
  const { ledger, asks } = restored(input);
  return {
    usage: ledger.usage(),
    conflicts: ledger.conflicts(),
    strays: ledger.strays(),
    pending: asks.flatMap(({ ask, foreign }) => {
      const holds = ledger.held(ask.key).length > 0;
      if (foreign !== undefined) {
        return holds ? [] : { service: ask.key, reason: `left alone: ${foreign}` };
      }
      const decision = decideAddresses(ask, input.config, ledger);
      if (decision.kind === "refuse") return { service: ask.key, reason: decision.message };
      if (holds) return [];
      const addresses = decision.addresses.join(", ");
      return { service: ask.key, reason: `waits for ${addresses}: is the controller running?` };
    }),
  };
}

/** A ledger of what Services have, and what they ask for. */
function restored(input: ExplainInput) {
  const { config } = input;
  const ledger = new Ledger(config.pools, config);
  for (const [address, holder] of input.reserved ?? []) ledger.reserve(address, holder);
  const asks = input.services.filter(isLoadBalancer)
    .map((service) => ({ service, ask: askOf(service, input), foreign: input.foreign(service) }));
  const oldest = asks.toSorted((a, b) => age(a.service) - age(b.service));
  const isUnsure = ({ service }: { readonly service: Service }) => input.unsure?.(service) ?? false;
  const sureFirst = [...oldest.filter((one) => !isUnsure(one)), ...oldest.filter(isUnsure)];
  for (const { service, ask } of sureFirst) {
    for (const address of input.existing(service)) {
      ledger.restore(ask.key, address, poolUse(config, ask));
    }
  }
  return { ledger, asks };
}

function askOf(service: Service, { namespaceLabels, ask = addressAsk }: ExplainInput): AddressAsk {
  const { namespace = "default", name } = service.metadata;
  const labels = namespaceLabels.get(namespace);
  const key = `${namespace}/${name}`;
  return ask(service, labels === undefined ? { key } : { key, namespaceLabels: labels });
}

function isLoadBalancer({ spec }: Service): boolean {
  return spec.type === "LoadBalancer";
}

/** Milliseconds since the epoch; a Service that does not exist yet is the youngest. */
function age({ metadata }: Service): number {
  const time = Date.parse(metadata.creationTimestamp ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function leftAlone(service: string, why: string, held: readonly string[]): Explanation {
  const base = { service, pool: undefined, ok: true, warnings: [] };
  return { ...base, addresses: held, reason: `left alone: ${why}` };
}

function explained(
  { key }: AddressAsk,
  decision: PoolDecision,
  held: readonly string[],
): Explanation {
  if (decision.kind === "refuse") {
    const base = { service: key, addresses: held, pool: undefined, warnings: [] };
    const keeps = held.length === 0 ? "" : `; it keeps ${held.join(", ")} until then`;
    return { ...base, reason: `${decision.message}${keeps}`, ok: false };
  }
  const { addresses, pool, reason, warnings } = decision;
  return { service: key, addresses, pool, reason, ok: true, warnings };
}
