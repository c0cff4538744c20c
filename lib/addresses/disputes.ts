import type { Proposal } from "./types.ts";

/** Addresses that keys say they have though others hold them, by address and by key. */
export class Disputes {
  readonly #claims = new Map<string, readonly Proposal[]>();
  readonly #addresses = new Map<string, Set<string>>();

  /** Takes note of a claim, in the place of an older one of that key. */
  add(address: string, claim: Proposal): void {
    this.end(address, claim.key);
    this.#claims.set(address, [...this.at(address), claim]);
    const addresses = this.#addresses.get(claim.key) ?? new Set();
    this.#addresses.set(claim.key, addresses.add(address));
  }

  /** Claims of an address, the oldest first. */
  at(address: string): readonly Proposal[] {
    return this.#claims.get(address) ?? [];
  }

  /** A key claims an address no more. */
  end(address: string, key: string): void {
    const addresses = this.#addresses.get(key);
    if (addresses?.delete(address) !== true) return;
    if (addresses.size === 0) this.#addresses.delete(key);
    const rest = this.at(address).filter((claim) => claim.key !== key);
    if (rest.length > 0) this.#claims.set(address, rest);
    else this.#claims.delete(address);
  }

  /** A key claims nothing but these addresses any more. */
  endOthers(key: string, addresses: readonly string[]): void {
    for (const address of this.#addresses.get(key) ?? []) {
      if (!addresses.includes(address)) this.end(address, key);
    }
  }

  [Symbol.iterator](): Iterator<readonly [string, readonly Proposal[]]> {
    return this.#claims.entries();
  }
}
