import { parse } from "yaml";
import { parseEntries, subtractRanges } from "../addresses/mod.ts";
import type { Pool, PoolProblem } from "../addresses/types.ts";
import { errorText } from "../core/mod.ts";
import type { PoolDefaults } from "./pool_config.ts";
import { FieldReader } from "./pool_fields.ts";

/** A `pool-<name>` key of the ConfigMap. */
export interface NamedPoolSource {
  readonly key: string;
  readonly value: string;
  readonly defaults: PoolDefaults;
}

/** The fields that a named pool may have. */
const known: readonly string[] = [
  "addresses",
  "exclude",
  "priority",
  "namespaces",
  "namespaceSelector",
  "serviceSelector",
  "autoAssign",
  "avoidBuggyIPs",
  "skipEnds",
  "searchOrder",
  "interface",
];

/**
 * Reads a named pool. Only `addresses` must be there:
 *
 * ```yaml
 * addresses: [192.0.2.0/28, 2001:db8::10-2001:db8::1f]
 * exclude: [192.0.2.5/32]
 * priority: 10                 # the lowest goes first, 0 (the default) last
 * namespaces: [dev, test]      # with any of these three the pool is tried before all others,
 * namespaceSelector: {team: a} # for the Services that match every one of them
 * serviceSelector: {tier: web} # labels, or matchLabels and matchExpressions
 * autoAssign: true             # false: only for Services that ask for the pool or the address
 * avoidBuggyIPs: true          # false: addresses that end in .0 or .255 are chosen, too
 * skipEnds: false              # true: first and last address of IPv4 prefixes are not given
 * searchOrder: asc             # desc: the highest free address first
 * interface: eth1
 * ```
 *
 * A field that cannot be read is reported. When it may have been meant to narrow the pool (a
 * selector, an exclusion, a switch, a field that nobody knows) the pool is given to nobody by
 * itself, as it might reach those that it was not meant for.
 */
export function namedPool(
  { key, value, defaults }: NamedPoolSource,
): { readonly pool: Pool | undefined; readonly problems: readonly PoolProblem[] } {
  const fields = new FieldReader({ key, known });
  if (!fields.open(parsed(value))) return { pool: undefined, problems: fields.problems };
  const text = fields.list("addresses").join(",");
  const skipEnds = fields.flag("skipEnds", { otherwise: defaults.skipEnds, narrow: true });
  const avoidEnds = fields.flag("avoidBuggyIPs", { otherwise: defaults.avoidEnds, narrow: true });
  const auto = fields.flag("autoAssign", { otherwise: true, narrow: false });
  const entries = parseEntries(text, { key, skipEnds });
  const holes = parseEntries(fields.list("exclude").join(","), { key, skipEnds: false });
  const selectors = {
    namespaces: fields.list("namespaces"),
    namespaceSelector: fields.selector("namespaceSelector"),
    serviceSelector: fields.selector("serviceSelector"),
  };
  const safe = [...fields.problems, ...holes.problems]
    .every(({ severity }) => severity === "warning");
  const order = fields.choice("searchOrder", ["asc", "desc"]);
  const pool: Pool = {
    name: key,
    text,
    ranges: subtractRanges(entries.ranges, holes.ranges),
    auto: auto && safe,
    order: order === undefined ? defaults.order : order === "desc" ? "descending" : "ascending",
    avoidEnds,
    dhcp: entries.dhcp,
    scope: { kind: "selected", priority: fields.whole("priority"), ...selectors },
    interface: fields.word("interface"),
  };
  return { pool, problems: [...fields.problems, ...entries.problems, ...holes.problems] };
}

function parsed(value: string): { readonly value: unknown } | { readonly wrong: string } {
  try {
    // its warnings would go to standard error by themselves
    const read: unknown = parse(value, { logLevel: "error" });
    // an alias may stand for what it is in: no pool, and no text for a message
    JSON.stringify(read);
    return { value: read };
  } catch (error) {
    return { wrong: errorText(error).split("\n")[0]?.replace(/:$/, "") ?? "" };
  }
}
