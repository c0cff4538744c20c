import { tryParseAddress } from "../net/mod.ts";
import { clip } from "./clip.ts";
import { admits, interfaceFor, poolNamed, poolPhrase, poolsFor, poolUse } from "./pool_choice.ts";
import { fromPool, type PoolAttempt } from "./from_pool.ts";
import { familyPlan } from "./pool_families.ts";
import { rangesHave } from "./ranges.ts";
import { uselessWish } from "./useless_wish.ts";
import type {
  AddressAsk,
  LedgerView,
  Pool,
  PoolConfig,
  PoolDecision,
  PoolGrant,
  RefusalReason,
} from "./types.ts";

/**
 * Decides the addresses of one Service: those it asks for, else those it has, else free ones out of
 * the first pool that can give them all. Pure: nothing is taken until `ledger.commit` says so.
 *
 * How to use it, all in one turn of the event loop, so that nobody comes between:
 *
 * ```ts ignore
 * const { config, problems } = parsePoolConfig(configMap.data); // report the problems
 * const ledger = new Ledger(config.pools, config);               // later: ledger.configure(…)
 * // at start, oldest Service first: what each has already, so that nothing of it is given again
 * const ask = addressAsk(service, { key });
 * for (const address of itsAddresses) ledger.restore(key, address, poolUse(config, ask));
 * // then for each Service without addresses, and for each that changed
 * const decision = decideAddresses(ask, config, ledger);
 * if (decision.kind === "take") {
 *   ledger.commit(key, decision.addresses, decision.use);        // reserved: now write it
 *   // when the write failed: ledger.settle(key, addressesBefore); when done or deleted: settle too
 * }
 * ```
 *
 * `config` must be the one whose pools the ledger has. After `ledger.configure` or `settle`, call it
 * again for the Services that were refused: only then can they get something.
 */
export function decideAddresses(
  ask: AddressAsk,
  config: PoolConfig,
  view: LedgerView,
): PoolDecision {
  const proposal = { key: ask.key, use: poolUse(config, ask) };
  const context = { ask, config, view, proposal, held: view.held(ask.key) };
  if (ask.requested.length > 0) return pinned(context);
  if (ask.unreadable.length > 0) return unreadable(ask);
  return chosen(context);
}

interface Context {
  readonly ask: AddressAsk;
  readonly config: PoolConfig;
  readonly view: LedgerView;
  readonly proposal: { readonly key: string; readonly use: AddressAsk["use"] };
  readonly held: readonly string[];
}

/** Exactly what the Service asks for. */
function pinned({ ask, config, view, proposal, held }: Context): PoolDecision {
  for (const address of ask.requested) {
    const obstacle = view.obstacle(address, proposal);
    if (obstacle !== undefined) {
      return refuse(
        obstacle.reason === "port-conflict" ? "port-conflict" : "in-use",
        `${ask.requestedBy}: ${obstacle.message}`,
      );
    }
  }
  const strays = ask.requested.filter((text) => isInNoPool(config, text));
  if (config.outside === "refuse" && strays.some((address) => !held.includes(address))) {
    const message = `${ask.requestedBy}: ${strays.join(" and ")} lies outside every pool: ` +
      `ask for an address inside, or take outside-pools out of the ConfigMap`;
    return refuse("outside", message);
  }
  const useless = uselessWish(ask, {
    holds: (text) => held.includes(text),
    offers: (text) => poolOf(config, text) !== undefined,
  });
  if (useless.refused !== undefined) return refuse("invalid", useless.refused);
  const same = sameList(ask.requested, held);
  return {
    kind: same ? "keep" : "take",
    addresses: ask.requested,
    pool: poolOf(config, ask.requested[0])?.name,
    reason: same ? `it has it already, as ${ask.requestedBy} says` : askedFor(ask),
    interface: undefined,
    shared: ask.requested.some((address) => view.taken(address, ask.key)),
    use: { ...proposal.use, asked: true },
    warnings: [
      ...ask.unreadable.map((text) =>
        `${ask.requestedBy}: ${JSON.stringify(clip(text))} is no address and is left out: remove it`
      ),
      ...useless.warnings,
    ],
  };
}

function askedFor({ requestedBy }: AddressAsk): string {
  return `asked for by ${requestedBy}`;
}

/** What it has, completed from the pools. */
function chosen(context: Context): PoolDecision {
  const { ask, config, held } = context;
  if (ask.pool !== undefined) return fromNamedPool(context, ask.pool);
  const pools = poolsFor(config, ask);
  if (held.length > 0 && isEnough(context, pools)) return kept(context);
  if (pools.length === 0) {
    return held.length > 0 ? kept(context) : refuse("no-pool", noPool(context));
  }
  return bestOf(context, pools);
}

function noPool({ ask, config }: Context): string {
  const closed = config.pools.filter((pool) => admits(pool, ask)).map(({ name }) => name);
  const remedy = closed.length === 0
    ? `add the key cidr-${ask.namespace} or cidr-global to the ConfigMap`
    : `${clip(closed.join(", "))} gives addresses only to who asks: ask, or mend its fields`;
  return `no pool is for namespace ${ask.namespace}: ${remedy}`;
}

function fromNamedPool(context: Context, name: string): PoolDecision {
  const { ask, config, held } = context;
  const pool = poolNamed(config, name);
  if (pool === undefined || !admits(pool, ask)) {
    // as for every other pool that goes away
    if (pool === undefined && held.length > 0) return kept(context, name);
    const names = config.pools.filter((one) => admits(one, ask)).map((one) => one.name);
    const fact = pool === undefined ? "does not exist" : "is not for this Service";
    return refuse(
      "no-pool",
      `the pool ${clip(name)} ${fact}: ask for ${clip(names.join(", ")) || "none"}`,
    );
  }
  const stays = held.filter((address) =>
    holds(pool, address) || isDhcpOf(pool, address) ||
    (ask.isPoolNew !== true && isStray(config, address))
  );
  if (stays.length > 0 && stays.length === held.length && isEnough(context, [pool])) {
    return kept(context);
  }
  return bestOf({ ...context, held: stays }, [pool]);
}

/** The first pool that gives all; else the first that gives something; else why none does. */
function bestOf(context: Context, pools: readonly Pool[]): PoolDecision {
  const { view, held } = context;
  const refusals: (PoolAttempt & { readonly kind: "refuse" })[] = [];
  let partial: PoolDecision | undefined;
  for (const pool of pools) {
    const attempt = fromPool(pool, { ...context, view, held });
    if (attempt.kind === "refuse") refusals.push(attempt);
    else if (attempt.complete) return granted(context, pool, attempt);
    else partial ??= granted(context, pool, attempt);
  }
  if (partial !== undefined) return partial;
  const usedUp = refusals.find((one) => one.reason === "exhausted");
  if (held.length > 0 && context.ask.pool === undefined) {
    return { ...kept(context), ...(usedUp === undefined ? {} : { isPartial: true }) };
  }
  const [first] = refusals;
  const reason = usedUp?.reason ?? first?.reason;
  return refuse(reason ?? "no-pool", refusals.map(({ message }) => message).join("; "));
}

function granted(
  { ask, config, proposal, held }: Context,
  pool: Pool,
  attempt: PoolAttempt & { readonly kind: "grant" },
): PoolDecision {
  const { addresses, shared, how, warnings } = attempt;
  return {
    kind: sameList(addresses, held) ? "keep" : "take",
    addresses,
    pool: pool.name,
    reason: `${how} of ${poolPhrase(pool)}`,
    interface: interfaceFor(config, pool, ask.namespace),
    shared,
    use: proposal.use,
    warnings,
    ...(warnings.length === 0 ? {} : { isPartial: true }),
  };
}

/** An address that its pool lost is kept: moving it would cut off its clients. */
function kept(
  { ask, config, proposal, held, view }: Context,
  gone?: string,
): PoolDecision & PoolGrant {
  const strays = held.filter((address) => isStray(config, address));
  const pool = poolOf(config, held[0]);
  return {
    kind: "keep",
    addresses: held,
    pool: pool?.name,
    reason: "it has it already",
    interface: undefined,
    shared: held.some((address) => view.taken(address, ask.key)),
    use: proposal.use,
    warnings: [
      ...strays.map((address) =>
        `address ${address} lies outside every pool now and is kept: put it into a pool, or make ` +
        `the Service again to get another one`
      ),
      ...gone === undefined || strays.length > 0 ? [] : [
        `the pool ${clip(gone)} does not exist, and ${held.join(", ")} is kept: ` +
        `ask for a pool that is there, or make the pool`,
      ],
    ],
  };
}

/** Whether what a Service holds is all that it can have of these pools. */
function isEnough({ ask, held }: Context, pools: readonly Pool[]): boolean {
  const families = new Set(held.flatMap((address) => tryParseAddress(address)?.family ?? []));
  const [primary] = ask.families;
  if (ask.policy === "SingleStack") {
    return held.length === 1 && (primary === undefined || families.has(primary) || isDhcp(held));
  }
  const plans = pools.map((pool) => familyPlan(ask, pool)?.families.length ?? 0);
  return families.size >= Math.max(...plans, 1);
}

function isDhcp(held: readonly string[]): boolean {
  return held.includes("0.0.0.0") || held.includes("::");
}

/** A stand-in for DHCP that the pool gives. */
function isDhcpOf({ dhcp }: Pool, text: string): boolean {
  const address = tryParseAddress(text);
  return address?.value === 0n && dhcp.includes(address.family);
}

function isStray(config: PoolConfig, text: string): boolean {
  const address = tryParseAddress(text);
  return address !== undefined && address.value !== 0n && poolOf(config, text) === undefined;
}

/** True of host names, too, which may stand for anything, and of DHCP that no pool leaves to it. */
function isInNoPool(config: PoolConfig, text: string): boolean {
  return !config.pools.some((pool) => holds(pool, text) || isDhcpOf(pool, text));
}

/** The first pool that has an address. */
function poolOf({ pools }: PoolConfig, text: string | undefined): Pool | undefined {
  return text === undefined ? undefined : pools.find((pool) => holds(pool, text));
}

function holds({ ranges }: Pool, text: string): boolean {
  const address = tryParseAddress(text);
  return address !== undefined && rangesHave(ranges, address);
}

function unreadable({ requestedBy, unreadable: texts }: AddressAsk): PoolDecision {
  const text = clip(texts.map((one) => JSON.stringify(one)).join(", "));
  return refuse("invalid", `${requestedBy} is ${text}: write an IP address like 192.0.2.10`);
}

function refuse(reason: RefusalReason, message: string): PoolDecision {
  return { kind: "refuse", reason, message };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
