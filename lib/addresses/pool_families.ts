import type { IpFamily } from "../proxy/types.ts";
import { clip } from "./clip.ts";
import { FAMILIES } from "./ranges.ts";
import type { AddressAsk, Pool } from "./types.ts";

/** Characters of a pool's text that {@link entriesOf} reads. */
const read = 4096;

/** Families to take from a pool, or undefined when the pool lacks what the Service requires. */
export interface FamilyPlan {
  /** Primary first. */
  readonly families: readonly IpFamily[];
  /**
   * `one`: whatever is free will do, but at least one; `primary`: the first at least, as the cluster
   * has no other family.
   */
  readonly need: "all" | "one" | "primary";
}

/**
 * Which families a Service gets from a pool. A dual-stack Service gets both that the pool has, even
 * when it lists one alone; its first family says which goes first.
 */
export function familyPlan(
  { policy, families }: Pick<AddressAsk, "policy" | "families">,
  pool: Pool,
): FamilyPlan | undefined {
  const has = poolFamilies(pool);
  // a pool of nothing but DHCP serves everybody: the server knows which families it has
  if (pool.ranges.length === 0 && has.length === 1 && has[0] === "IPv4") {
    return { families: has, need: "all" };
  }
  const [primary] = families;
  if (policy === "SingleStack") {
    const family = primary ?? has[0];
    return family === undefined || !has.includes(family)
      ? undefined
      : { families: [family], need: "all" };
  }
  const ordered = primary === "IPv6" ? FAMILIES.toReversed() : FAMILIES;
  const both = ordered.filter((family) => has.includes(family));
  if (policy === "RequireDualStack") {
    return both.length < 2 ? undefined : { families: both, need: "all" };
  }
  const able = families.length === 1 && primary !== undefined
    ? both.includes(primary)
    : both.length > 0;
  return able ? { families: both, need: families.length === 1 ? "primary" : "one" } : undefined;
}

/** The families that a pool can give, IPv4 first. */
export function poolFamilies({ ranges, dhcp }: Pool): readonly IpFamily[] {
  return FAMILIES.filter((family) =>
    dhcp.includes(family) || ranges.some((range) => range.family === family)
  );
}

/** The entries of one family in a pool's text: `10.0.0.0/24,10.0.1.0/24`; long ones are cut. */
export function entriesOf(text: string, family: IpFamily): string {
  // no more than a message holds: every Service that waits asks
  return clip(
    text.slice(0, read).split(",").map((entry) => entry.trim())
      .filter((entry) => entry !== "" && entry.includes(":") === (family === "IPv6")).join(","),
  );
}
