import { tryParseAddress } from "../net/mod.ts";
import type { AddressView } from "../dispatch/types.ts";
import type { IpFamily } from "../proxy/types.ts";
import type { AddressDecision, AddressRequest } from "./types.ts";

/**
 * Decides the addresses of one Service on one view of the ledger: an address asked for wins, then
 * one already held, then the best free candidate, for each family. A Service that merely prefers
 * two families gets by with one; {@link missingFamilies} tells which it went without.
 */
export function allocate(request: AddressRequest, view: AddressView): AddressDecision {
  const addresses: string[] = [];
  for (const family of request.families) {
    const address = request.requested.find(isOf(family)) ?? view.held.find(isOf(family)) ??
      view.free[family][0];
    if (address !== undefined) addresses.push(address);
    else if (request.policy !== "PreferDualStack") return exhausted(family, request, view);
  }
  const [primary = "IPv4"] = request.families;
  if (addresses.length === 0) return exhausted(primary, request, view);
  const unchanged = addresses.every((address) => view.held.includes(address));
  return { kind: unchanged ? "keep" : "take", addresses };
}

/** Families that were asked for and are not among the addresses. */
export function missingFamilies(
  { families }: Pick<AddressRequest, "families">,
  addresses: readonly string[],
): readonly IpFamily[] {
  return families.filter((family) => !addresses.some(isOf(family)));
}

/** Whether a view has a pool of a family at all, free or full. */
export function offersFamily({ pools }: Pick<AddressView, "pools">, family: IpFamily): boolean {
  return pools.some((range) => range.includes(":") === (family === "IPv6"));
}

function isOf(family: IpFamily): (address: string) => boolean {
  return (address) => tryParseAddress(address)?.family === family;
}

function exhausted(
  family: IpFamily,
  { policy }: AddressRequest,
  view: AddressView,
): AddressDecision {
  const pools = view.pools.length === 0 ? "none" : view.pools.join(", ");
  const isAbsent = view.pools.length > 0 && !offersFamily(view, family);
  const remedy = policy === "RequireDualStack"
    ? "set spec.ipFamilyPolicy to PreferDualStack"
    : "ask for another one in spec.ipFamilies";
  const message = isAbsent
    ? `the network has no ${family} subnet (pools: ${pools}): ${remedy}, or give it one`
    : `no free ${family} address is left (pools: ${pools}): ` +
      `delete a LoadBalancer Service or give the network an ${family} subnet with room`;
  return { kind: "refuse", reason: "exhausted", message };
}
