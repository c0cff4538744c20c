import { type Labels, type LabelSelector, selects } from "../core/mod.ts";
import { tryParseAddress } from "../net/mod.ts";
import { rangesHave } from "./ranges.ts";
import type { AddressAsk, AddressUse, Pool, PoolConfig } from "./types.ts";

/** Which Services a pool is looked at for. */
export type PoolCustomer = Pick<AddressAsk, "namespace" | "labels" | "namespaceLabels">;

/**
 * The pools that a Service is given addresses from, best first:
 *
 * 1. named pools that select it, by priority;
 * 2. the key of its namespace, `cidr-<ns>` before `range-<ns>`, and then no other;
 * 3. named pools for everybody, by priority;
 * 4. `cidr-global`, else `range-global`.
 */
export function poolsFor(config: PoolConfig, customer: PoolCustomer): readonly Pool[] {
  const open = config.pools.filter((pool) => admits(pool, customer));
  const auto = open.filter((pool) => pool.auto);
  const named = auto.filter(({ scope }) => scope.kind === "selected").toSorted(byPriority);
  const own = open.filter(({ scope }) => scope.kind === "namespace");
  const [forIt, forAll] = [named.filter(isSelective), named.filter((pool) => !isSelective(pool))];
  // also where the key gives nobody addresses by itself
  if (own.length > 0) return [...forIt, ...own.filter((pool) => pool.auto)];
  return [...forIt, ...forAll, ...auto.filter(({ scope }) => scope.kind === "global")];
}

/** The pool that somebody asks for by name, with or without its `pool-`. */
export function poolNamed(config: PoolConfig, name: string): Pool | undefined {
  return config.pools.find((pool) => pool.name === name) ??
    config.pools.find((pool) => pool.name === `pool-${name}`);
}

/** Whether a Service may have addresses of a pool at all. */
export function admits({ scope }: Pool, customer: PoolCustomer): boolean {
  switch (scope.kind) {
    case "global":
      return true;
    case "namespace":
      return scope.namespace === customer.namespace;
    case "selected":
      return (scope.namespaces.length === 0 || scope.namespaces.includes(customer.namespace)) &&
        fits(scope.namespaceSelector, customer.namespaceLabels) &&
        fits(scope.serviceSelector, customer.labels);
  }
}

/** The interface that announces addresses of a pool; a namespace's empty one means none. */
export function interfaceFor(
  config: PoolConfig,
  pool: Pool,
  namespace: string,
): string | undefined {
  const named = pool.interface ?? config.interfaces.get(namespace) ??
    config.interfaces.get("global");
  return named === "" ? undefined : named;
}

/** The interface of an address in use: empty for none, undefined when no pool has the address. */
export function interfaceAt(
  config: PoolConfig,
  text: string,
  namespace: string,
): string | undefined {
  const address = tryParseAddress(text);
  if (address === undefined) return undefined;
  const pool = config.pools.find(({ ranges, dhcp }) =>
    address.value === 0n ? dhcp.includes(address.family) : rangesHave(ranges, address)
  );
  return pool === undefined ? undefined : interfaceFor(config, pool, namespace) ?? "";
}

/** Whether the configuration lets Services of a namespace share IPv4 addresses. */
export function sharesIn(config: PoolConfig, namespace: string): boolean {
  return config.share.get(namespace) ?? config.share.get("global") ?? false;
}

/**
 * How a Service uses an address where `config` rules: its own sharing key, or the common one of the
 * namespaces that share; under externalTrafficPolicy Local only with those of the same selector.
 * Use it for everything that goes to the ledger, `restore` too.
 */
export function poolUse(config: PoolConfig, ask: AddressAsk): AddressUse {
  const { ports, sharingKey, foreign } = ask.use;
  const common = sharesIn(config, ask.namespace) ? "allow-share" : "";
  const key = sharingKey === "" ? common : sharingKey;
  const where = key === "" || ask.backend === "" ? "" : ` for ${ask.backend}`;
  return { ports, sharingKey: key + where, ...(foreign && { foreign }) };
}

/** A pool and whom it is for, as people say it: `cidr-dev (namespace dev)`. */
export function poolPhrase({ name, scope }: Pool): string {
  switch (scope.kind) {
    case "global":
      return `${name} (every namespace)`;
    case "namespace":
      return `${name} (namespace ${scope.namespace})`;
    case "selected":
      return scope.priority === 0 ? name : `${name} (priority ${scope.priority})`;
  }
}

function isSelective({ scope }: Pool): boolean {
  return scope.kind === "selected" && (scope.namespaces.length > 0 ||
    scope.namespaceSelector !== undefined || scope.serviceSelector !== undefined);
}

/** Lowest first, 0 last; the name decides between equals, so that the choice never changes. */
function byPriority(a: Pool, b: Pool): number {
  const rank = ({ scope }: Pool) =>
    scope.kind === "selected" && scope.priority > 0 ? scope.priority : Infinity;
  const [x, y] = [rank(a), rank(b)];
  return x === y ? a.name < b.name ? -1 : 1 : x - y;
}

/** A pool without a selector is for all. */
function fits(selector: LabelSelector | undefined, labels: Labels): boolean {
  return selector === undefined || selects(selector, labels);
}
