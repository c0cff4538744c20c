import type { Ledger } from "../../addresses/mod.ts";
import type { Settled } from "../../addresses/types.ts";
import { WaitingLine } from "./waiting_line.ts";

/** What {@link StarvedKeys} work with. */
export interface StarvedKeysOptions {
  readonly cluster: string;
  readonly ledger: Ledger;
  /** Has a key (without its cluster) try again. */
  wake(key: string): void;
  /** Tells every cluster that addresses of a ledger came free; absent where there is but one. */
  freed?(settled: Settled, ledger: Ledger): void;
}

/** What runners see of {@link StarvedKeys}. */
export type Starved = Pick<StarvedKeys, "add" | "delete" | "released">;

/** Keys of a cluster that found no address, and wait for one. */
export class StarvedKeys extends WaitingLine {
  readonly #options: StarvedKeysOptions;

  constructor(options: StarvedKeysOptions) {
    const { ledger, wake } = options;
    super({ wake, isFree: (address) => ledger.offers(address) });
    this.#options = options;
  }

  /** A key of this cluster let go of addresses. */
  released(settled: Settled): void {
    const { freed, ledger } = this.#options;
    if (freed === undefined) this.addressesFreed(settled, ledger);
    else freed(settled, ledger);
  }

  /** Addresses came free, here or in another cluster; those of other ledgers are of no use. */
  addressesFreed({ freed, holders }: Settled, ledger: Ledger): void {
    const { cluster, ledger: own, wake } = this.#options;
    if (ledger !== own) return;
    const prefix = `${cluster}/`;
    for (const holder of holders) {
      const key = holder.slice(prefix.length);
      if (holder.startsWith(prefix) && this.has(key)) wake(key);
    }
    for (const address of freed) this.freed(address);
  }
}
