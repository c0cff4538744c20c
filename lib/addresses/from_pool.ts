import { tryParseAddress } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import { clip } from "./clip.ts";
import { entriesOf, familyPlan, poolFamilies } from "./pool_families.ts";
import type { AddressAsk, LedgerView, Pool, Proposal, RefusalReason } from "./types.ts";

/** Who asks a pool for addresses. */
export interface PoolCall {
  readonly ask: AddressAsk;
  readonly view: LedgerView;
  readonly proposal: Proposal;
  /** What it has: stays, whatever pool it is of. */
  readonly held: readonly string[];
}

/** What one pool can do for one Service. */
export type PoolAttempt =
  | {
    readonly kind: "grant";
    readonly addresses: readonly string[];
    /** False when a family is missing that the Service would like to have. */
    readonly complete: boolean;
    readonly shared: boolean;
    /** `lowest free address`. */
    readonly how: string;
    readonly warnings: readonly string[];
  }
  | { readonly kind: "refuse"; readonly reason: RefusalReason; readonly message: string };

interface Pick {
  readonly address: string;
  readonly how: "held" | "dhcp" | "shared" | "free";
}

/** Tries to serve a Service from one pool. */
export function fromPool(pool: Pool, call: PoolCall): PoolAttempt {
  const { ask } = call;
  const plan = familyPlan(ask, pool);
  if (plan === undefined) return lacksFamily(pool, ask);
  const picks = plan.families.map((family) => pickOf(family, pool, call));
  const missing = plan.families.filter((_, i) => picks[i] === undefined);
  const found = picks.flatMap((pick) => pick ?? []);
  const [gone] = missing;
  const enough = plan.need === "one" ? found.length > 0 : plan.need === "primary" && picks[0];
  if (gone !== undefined && !enough) {
    return { kind: "refuse", reason: "exhausted", message: exhausted(pool, ask, missing) };
  }
  const dual = ask.policy !== "SingleStack";
  return {
    kind: "grant",
    addresses: found.map(({ address }) => address),
    complete: missing.length === 0 && (!dual || found.length === 2 || pool.dhcp.length > 0),
    shared: found.some(({ how }) => how === "shared"),
    how: phrase(found, pool),
    warnings: missing.map((family) => exhausted(pool, ask, [family])),
  };
}

function pickOf(family: IpFamily, pool: Pool, call: PoolCall): Pick | undefined {
  const { view, proposal, held } = call;
  const own = held.find((address) => tryParseAddress(address)?.family === family);
  if (own !== undefined) return { address: own, how: "held" };
  if (pool.dhcp.includes(family)) {
    return { address: family === "IPv4" ? "0.0.0.0" : "::", how: "dhcp" };
  }
  const shared = family === "IPv4" && proposal.use.sharingKey !== ""
    ? view.shareable(pool, proposal)
    : undefined;
  if (shared !== undefined) return { address: shared, how: "shared" };
  const free = view.free(pool, family);
  return free === undefined ? undefined : { address: free, how: "free" };
}

function phrase(picks: readonly Pick[], pool: Pool): string {
  const side = pool.order === "ascending" ? "lowest" : "highest";
  const words = { held: "the address it has", dhcp: "DHCP", shared: "a shared address", free: "" };
  const free = `${side} free address`;
  return [...new Set(picks.map(({ how }) => how === "free" ? free : words[how]))].join(" and ");
}

/** The peer's words first, as people search for them. */
function exhausted(pool: Pool, ask: AddressAsk, missing: readonly IpFamily[]): string {
  const entries = missing.map((family) => entriesOf(pool.text, family)).join(",");
  const kind = pool.text.includes("/") ? "cidr" : "range";
  return `no addresses available in [${ask.namespace}] ${kind} [${entries}]: ` +
    `add addresses to ${pool.name} or delete a LoadBalancer Service`;
}

function lacksFamily(pool: Pool, ask: AddressAsk): PoolAttempt & { readonly kind: "refuse" } {
  const has = poolFamilies(pool);
  if (has.length === 0) {
    const message = `${pool.name} has no entry that can be used ` +
      `("${clip(pool.text)}"): write prefixes like 10.0.0.0/24 or ranges`;
    return { kind: "refuse", reason: "no-pool", message };
  }
  const wants = ask.policy === "RequireDualStack"
    ? "spec.ipFamilyPolicy is RequireDualStack"
    : `spec.ipFamilies is ${ask.families.join(", ")}`;
  const message = `${wants}, but ${pool.name} has ${has.join(" and ")} addresses only: ` +
    `add the other family to ${pool.name} or change the Service`;
  return { kind: "refuse", reason: "family", message };
}
