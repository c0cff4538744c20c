import type { IpFamily } from "../proxy/types.ts";

/** A range of addresses; both ends inclusive. */
export interface Pool {
  readonly name: string;
  readonly family: IpFamily;
  readonly first: bigint;
  readonly last: bigint;
  /** False: only addresses that a Service asks for are taken from it. */
  readonly auto: boolean;
}

/** How a Service uses an address: what decides whether another may share it. */
export interface AddressUse {
  /** `TCP/80` and so on; sorted. */
  readonly ports: readonly string[];
  /** Services with the same non-empty sharing key may share an address on different ports. */
  readonly sharingKey: string;
}

/** What a Service asks for. */
export interface AddressRequest {
  /** Families wanted, first is primary. */
  readonly families: readonly IpFamily[];
  /** Exact addresses asked for, canonical text; at most one for each family. */
  readonly requested: readonly string[];
}

/** What to do about a Service's addresses. */
export type AddressDecision =
  /** The addresses it holds are right. */
  | { readonly kind: "keep"; readonly addresses: readonly string[] }
  /** Commit these to the ledger, then serve them. */
  | { readonly kind: "take"; readonly addresses: readonly string[] }
  | { readonly kind: "refuse"; readonly reason: "exhausted"; readonly message: string };

/** The ledger's answer to a proposal. */
export type CommitResult =
  | { readonly ok: true }
  | {
    readonly ok: false;
    /** `taken`: plan again on a fresh view. The others need another request. */
    readonly reason: "taken" | "outside" | "in-use" | "port-conflict";
    readonly message: string;
  };
