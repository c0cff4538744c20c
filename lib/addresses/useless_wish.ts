import { type Address, specialKind, tryParseAddress } from "../net/mod.ts";
import type { AddressAsk } from "./types.ts";

/** What is wrong with the addresses that a Service asks for, though they are addresses. */
export interface UselessWish {
  /** Why it gets none of them. */
  readonly refused: string | undefined;
  /** What is wrong with those that it gets. */
  readonly warnings: readonly string[];
}

/** What makes up for being useless: the peer gave it, or a pool offers it. */
export interface WishExcuses {
  /** The Service has it already. */
  holds(text: string): boolean;
  /** A pool has it. */
  offers(text: string): boolean;
}

interface Wished {
  readonly text: string;
  readonly address: Address;
}

/**
 * Judges addresses at which nobody would reach a Service: special ones, and those of a family that
 * it is not of, as kube-proxy serves it in no other. The peer gives them all.
 */
export function uselessWish(ask: AddressAsk, excuses: WishExcuses): UselessWish {
  const { requested, families, policy, requestedBy } = ask;
  const wished = requested.flatMap((text) => {
    const address = tryParseAddress(text);
    // 0.0.0.0 and :: stand for DHCP
    return address === undefined || address.value === 0n ? [] : { text, address };
  });
  const special = wished.flatMap(({ text, address }) => {
    const kind = specialKind(address);
    if (kind === undefined) return [];
    const message = `${requestedBy}: ${text} is ${kind}, which no client elsewhere reaches: ` +
      "ask for another one";
    return { message, excused: excuses.holds(text) || excuses.offers(text) };
  });
  const strange = policy === "SingleStack" && families.length > 0
    ? wished.filter(({ address }) => !families.includes(address.family))
    : [];
  // one of its family beside it makes it a Service that works
  const works = strange.length < requested.length;
  const foreign = strange.map(({ text }) => ({
    message: `${requestedBy} asks for ${text}, but spec.ipFamilies is ${families.join(", ")}: ` +
      `ask for an address of that family or change the Service`,
    excused: works || excuses.holds(text),
  }));
  const all = [...special, ...foreign];
  return {
    refused: all.find(({ excused }) => !excused)?.message,
    warnings: [...all.map(({ message }) => message), ...lonely(ask, wished)],
  };
}

/** A Service that requires two families and names one. */
function lonely(ask: AddressAsk, wished: readonly Wished[]): readonly string[] {
  const { policy, requested, requestedBy } = ask;
  const [only, other] = new Set(wished.map(({ address }) => address.family));
  // what a host name stands for, and what a DHCP server gives, is not known
  const isKnown = wished.length === requested.length;
  if (policy !== "RequireDualStack" || only === undefined || other !== undefined || !isKnown) {
    return [];
  }
  return [
    `spec.ipFamilyPolicy is RequireDualStack, but ${requestedBy} asks for ${only} alone: ` +
    "name an address of each family in the annotation kube-vip.io/loadbalancerIPs",
  ];
}
