import type { Endpoint } from "../../proxy/types.ts";
import type { SlotTable } from "./types.ts";

/** Slots for each endpoint, so that shares differ by at most 1/8. */
const SLOTS_PER_ENDPOINT = 8;
const MAX_SLOTS = 8192;

/** `address . port` as nftables writes it: names an endpoint inside one listener. */
export function endpointId(endpoint: Pick<Endpoint, "address" | "port">): string {
  return `${endpoint.address} . ${endpoint.port}`;
}

/** What a table is made from. */
export interface SlotInput {
  /** The table so far, of any age; empty at first. */
  readonly previous: SlotTable;
  /** Nodes of the endpoints in {@link previous}, where known. */
  readonly homes?: ReadonlyMap<string, string>;
  /** Endpoints in a stable order. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * Gives every slot an endpoint. Slots of endpoints that stay are kept, slots of leavers go to those
 * with the fewest, joiners take only what balance needs; shares differ by at most one slot. Where
 * there is a choice, a slot stays on its node, since that keeps its established flows. The same
 * input gives the same table.
 *
 * @example
 * ```ts
 * import { assignSlots } from "./slots.ts";
 * const table = assignSlots({ previous: [], endpoints: [{ address: "10.0.0.1", port: 80 }] });
 * if (table.some((id) => id !== "10.0.0.1 . 80")) throw new Error("one endpoint takes all");
 * ```
 */
export function assignSlots({ previous, homes, endpoints }: SlotInput): SlotTable {
  const nodes = new Map(endpoints.map((endpoint) => [endpointId(endpoint), endpoint.node ?? ""]));
  if (nodes.size === 0) return [];
  const slots = stretched(previous, nodes.size);
  return new Assignment(slots, { nodes, homes: new Map([...homes ?? [], ...nodes]) }).balanced();
}

/** Doubles a table until it is fine enough: the kernel scales hashes, so slot i becomes 2i, 2i+1. */
function stretched(previous: SlotTable, endpoints: number): (string | undefined)[] {
  let slots: (string | undefined)[] = previous.length > 0 ? [...previous] : [undefined];
  const wanted = Math.min(MAX_SLOTS, SLOTS_PER_ENDPOINT * endpoints);
  while (slots.length < wanted) slots = slots.flatMap((owner) => [owner, owner]);
  return slots;
}

class Assignment {
  readonly #slots: (string | undefined)[];
  readonly #nodes: ReadonlyMap<string, string>;
  readonly #homes: ReadonlyMap<string, string>;
  readonly #counts: Map<string, number>;

  constructor(
    slots: (string | undefined)[],
    { nodes, homes }: Readonly<Record<"nodes" | "homes", ReadonlyMap<string, string>>>,
  ) {
    this.#slots = slots;
    this.#nodes = nodes;
    this.#homes = homes;
    this.#counts = new Map([...nodes.keys()].map((id) => [id, 0]));
    for (const owner of slots) {
      const count = owner === undefined ? undefined : this.#counts.get(owner);
      if (owner !== undefined && count !== undefined) this.#counts.set(owner, count + 1);
    }
  }

  balanced(): SlotTable {
    const quotas = this.#quotas();
    const homeless = this.#slots.flatMap((owner, slot) => this.#loses(owner, quotas) ? [slot] : []);
    const takers = this.#takers(quotas);
    const moving = homeless.filter((slot) => !this.#giveAtHome(slot, takers));
    for (const slot of moving) this.#give(slot, { taker: mostOpen(takers), takers });
    return this.#slots.map((owner) => owner ?? "");
  }

  /** Fair shares; the larger ones go to those that have most already, so that least moves. */
  #quotas(): Map<string, number> {
    const share = Math.floor(this.#slots.length / this.#counts.size);
    let extra = this.#slots.length - share * this.#counts.size;
    const byCount = [...this.#counts].sort((a, b) => b[1] - a[1]);
    return new Map(byCount.map(([id]) => [id, extra-- > 0 ? share + 1 : share]));
  }

  #loses(owner: string | undefined, quotas: ReadonlyMap<string, number>): boolean {
    const count = owner === undefined ? undefined : this.#counts.get(owner);
    if (owner === undefined || count === undefined) return true;
    if (count <= (quotas.get(owner) ?? 0)) return false;
    this.#counts.set(owner, count - 1);
    return true;
  }

  #takers(quotas: ReadonlyMap<string, number>): Map<string, number> {
    const missing = [...this.#counts].map(([id, count]) =>
      [id, (quotas.get(id) ?? 0) - count] as const
    );
    return new Map(missing.filter(([, open]) => open > 0));
  }

  #giveAtHome(slot: number, takers: Map<string, number>): boolean {
    const home = this.#homes.get(this.#slots[slot] ?? "");
    if (home === undefined) return false;
    const near = [...takers].filter(([id]) => this.#nodes.get(id) === home);
    if (near.length === 0) return false;
    this.#give(slot, { taker: mostOpen(near), takers });
    return true;
  }

  #give(
    slot: number,
    { taker, takers }: { readonly taker: string; readonly takers: Map<string, number> },
  ): void {
    const open = takers.get(taker) ?? 0;
    this.#slots[slot] = taker;
    if (open === 1) takers.delete(taker);
    else takers.set(taker, open - 1);
  }
}

function mostOpen(takers: Iterable<readonly [string, number]>): string {
  let best: readonly [string, number] = ["", 0];
  for (const entry of takers) if (entry[1] > best[1]) best = entry;
  return best[0];
}
