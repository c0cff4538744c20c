import { namedPool } from "./named_pool.ts";
import {
  clip,
  parseEntries,
  poolOverlaps,
  poolSpecials,
  subtractRanges,
} from "../addresses/mod.ts";
import type { AddressRange, Pool, PoolConfig, PoolProblem } from "../addresses/types.ts";

/** A pool configuration as read, and everything that is wrong with it. */
export interface ParsedPoolConfig {
  /** What can be used of it; never undefined, possibly without pools. */
  readonly config: PoolConfig;
  readonly problems: readonly PoolProblem[];
}

/** Settings that hold for all keys. */
export interface PoolDefaults {
  readonly order: Pool["order"];
  readonly skipEnds: boolean;
  readonly avoidEnds: boolean;
}

/**
 * Reads the data of a pool ConfigMap. Never throws: every bad entry is reported at once, with key,
 * value and remedy, and spoils itself alone.
 *
 * `<ns>` is a namespace, or `global` for all that have no key of their own.
 *
 * | key                          | value                                                        |
 * | ---------------------------- | ------------------------------------------------------------ |
 * | `cidr-<ns>`, `range-<ns>`    | prefixes and ranges, comma separated, both families          |
 * | `exclude-<ns>`               | the same: not given, though the pool has them                |
 * | `allow-share-<ns>`           | `true`: Services share an IPv4 address on different ports     |
 * | `interface-<ns>`             | network interface that announces                             |
 * | `pool-<name>`                | a named pool in YAML, see `namedPool`                         |
 * | `search-order`               | `desc`: the highest free address first                       |
 * | `skip-end-ips-in-cidr`       | `true`: first and last address of IPv4 prefixes are not given |
 * | `avoid-buggy-ips`            | `false`: IPv4 addresses that end in .0 or .255 are given, too |
 * | `outside-pools`              | `refuse`: addresses asked for must be in a pool              |
 * | `global-cidr-first`          | `true`: `cidr-global` goes before every `range-<ns>`, as it   |
 * |                              | did in kube-vip-cloud-provider                               |
 *
 * `0.0.0.0/32` as the only IPv4 entry, or `::/128` as the only IPv6 one, stands for DHCP.
 *
 * @example
 * ```ts
 * import { parsePoolConfig } from "./pool_config.ts";
 * const { config, problems } = parsePoolConfig({ "cidr-global": "10.0.0.0/24,oops" });
 * if (config.pools.length !== 1 || problems.length !== 1) throw new Error("one of each");
 * ```
 */
export function parsePoolConfig(data: Readonly<Record<string, string>>): ParsedPoolConfig {
  const reader = new KeyReader(data);
  const defaults: PoolDefaults = {
    order: reader.choice("search-order", ["asc", "desc"]) === "desc" ? "descending" : "ascending",
    skipEnds: reader.choice("skip-end-ips-in-cidr", ["false", "true"]) === "true",
    avoidEnds: reader.choice("avoid-buggy-ips", ["true", "false"]) !== "false",
  };
  reader.choice("global-cidr-first", ["false", "true"]);
  const pools: Pool[] = [];
  for (const [key, value] of Object.entries(data)) {
    const pool = reader.pool(key, value, defaults);
    if (pool !== undefined) pools.push(pool);
  }
  reader.excludes(pools);
  const config = {
    pools,
    share: reader.shares(),
    interfaces: reader.interfaces(),
    outside: reader.choice("outside-pools", ["allow", "refuse"], "refuse"),
  };
  return { config, problems: [...reader.problems, ...poolOverlaps(pools), ...poolSpecials(pools)] };
}

const settings: readonly string[] = [
  "search-order",
  "skip-end-ips-in-cidr",
  "avoid-buggy-ips",
  "outside-pools",
  "global-cidr-first",
];
const poolKey = /^(cidr|range)-(.+)$/;
const shareKey = /^allow-share(d?)-(.+)$/;
const namedKey = /^pool-.+$/;
const otherKeys = /^(exclude|interface)-.+$/;

/** Words that Go's ParseBool takes, as the peers do. */
const bools: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false] as const),
]);

/** Reads keys and collects what is wrong with them. */
class KeyReader {
  readonly problems: PoolProblem[] = [];
  readonly #data: Readonly<Record<string, string>>;

  constructor(data: Readonly<Record<string, string>>) {
    this.#data = data;
    for (const key of Object.keys(data)) {
      if (settings.includes(key) || poolKey.test(key) || shareKey.test(key)) continue;
      if (namedKey.test(key) || otherKeys.test(key)) continue;
      const known = "cidr-<namespace>, range-<namespace>, pool-<name>";
      this.#warn(key, `means nothing here: use ${known} or another key of the README`);
    }
  }

  /** One of a closed set, the first when absent; `unread` stands for what is none of it. */
  choice<const T extends string>(
    key: string,
    values: readonly [T, ...T[]],
    unread: NoInfer<T> = values[0],
  ): T {
    const value = this.#data[key]?.trim() ?? "";
    if (value === "") return values[0];
    const known = values.find((word) => word === value);
    if (known === undefined) {
      this.#warn(key, `counts as "${unread}": write ${values.map(quote).join(" or ")}`);
    }
    return known ?? unread;
  }

  /** The pool of a key, undefined for keys of other kinds and for empty ones. */
  pool(key: string, value: string, defaults: PoolDefaults): Pool | undefined {
    if (namedKey.test(key)) return this.#named(key, value, defaults);
    const [, kind, namespace = ""] = poolKey.exec(key) ?? [];
    if (kind === undefined) return undefined;
    if (value.trim() === "") {
      this.#warn(key, "counts as absent: remove the key or give it addresses");
      return undefined;
    }
    const winner = kind === "range" ? this.#before(namespace) : undefined;
    if (winner !== undefined) {
      this.#warn(key, `is not used: ${winner} comes first, so move the entries there`);
      return undefined;
    }
    const { ranges, dhcp, problems } = parseEntries(value, { key, skipEnds: defaults.skipEnds });
    const excluded = this.#excluded(namespace);
    this.#add(problems);
    return {
      name: key,
      text: value,
      ranges: subtractRanges(ranges, excluded.ranges),
      // an exclusion that cannot be read may be any address of the pool
      auto: excluded.whole,
      order: defaults.order,
      avoidEnds: defaults.avoidEnds,
      dhcp,
      scope: namespace === "global" ? { kind: "global" } : { kind: "namespace", namespace },
      interface: undefined,
    };
  }

  /** Whether Services share, by namespace; the spelling of the code wins over that of the docs. */
  shares(): ReadonlyMap<string, boolean> {
    const shares = new Map<string, boolean>();
    const spelled = (letter: string) =>
      Object.entries(this.#data).filter(([key]) => shareKey.exec(key)?.[1] === letter);
    for (const [key, value] of [...spelled("d"), ...spelled("")]) {
      const flag = bools.get(value.trim());
      if (flag === undefined) this.#warn(key, `counts as "false": write "true" or "false"`);
      shares.set(key.replace(shareKey, "$2"), flag ?? false);
    }
    return shares;
  }

  /** Tells of exclusions that no pool heeds. */
  excludes(pools: readonly Pool[]): void {
    for (const key of Object.keys(this.#data).filter((key) => key.startsWith("exclude-"))) {
      const names = ["cidr", "range"].map((kind) => key.replace("exclude", kind));
      if (pools.some(({ name }) => names.includes(name))) continue;
      this.#warn(
        key,
        `is not used: it counts for ${names.join(" and ")} alone, which give nothing`,
      );
    }
  }

  interfaces(): ReadonlyMap<string, string> {
    return new Map(
      Object.entries(this.#data).filter(([key]) => key.startsWith("interface-"))
        .map(([key, value]) => [key.slice("interface-".length), value.trim()]),
    );
  }

  #named(key: string, value: string, defaults: PoolDefaults): Pool | undefined {
    const { pool, problems } = namedPool({ key, value, defaults });
    this.#add(problems);
    return pool;
  }

  /** The key in whose shadow the range of a namespace stands. */
  #before(namespace: string): string | undefined {
    const legacy = this.#data["global-cidr-first"]?.trim() === "true";
    const keys = [`cidr-${namespace}`, ...legacy ? ["cidr-global"] : []];
    return keys.find((key) => (this.#data[key]?.trim() ?? "") !== "");
  }

  /** The exclusions of a namespace, and whether all of them could be read. */
  #excluded(
    namespace: string,
  ): { readonly ranges: readonly AddressRange[]; readonly whole: boolean } {
    const key = `exclude-${namespace}`;
    const { ranges, problems } = parseEntries(this.#data[key] ?? "", { key, skipEnds: false });
    this.#add(problems);
    return { ranges, whole: problems.every(({ severity }) => severity === "warning") };
  }

  /** One by one: as arguments of one call, very many would be too many. */
  #add(problems: readonly PoolProblem[]): void {
    for (const problem of problems) this.problems.push(problem);
  }

  #warn(key: string, what: string): void {
    const value = this.#data[key] ?? "";
    const message = `${key}: ${JSON.stringify(clip(value))} ${what}`;
    this.problems.push({ severity: "warning", key, value, message });
  }
}

function quote(word: string): string {
  return JSON.stringify(word);
}
