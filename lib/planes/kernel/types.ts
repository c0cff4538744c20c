import type { IpFamily, Listener } from "../../proxy/types.ts";

/**
 * What a node is to traffic: `opening` nodes should live and are being reached, `refused` ones live
 * but take none of our rules.
 */
export type NodeHealth = "opening" | "ready" | "refused" | "down";

/** What the rules of other nodes need to know of a node. */
export interface NodeFacts {
  readonly name: string;
  readonly health: NodeHealth;
  /** Interface towards the clients (that of the default route). */
  readonly device: string;
  /** Hardware address of {@link device}, as `aa:bb:…`. */
  readonly mac?: string;
  /** The node's own address on {@link device}, by family. */
  readonly addresses: Readonly<Partial<Record<IpFamily, string>>>;
  /** The kernel can hand a packet on to another node untouched (`fwd`). */
  readonly forwards: boolean;
}

/**
 * Who answers which share of the flows: one endpoint id (see `endpointId`) for each slot.
 * The length is a power of two; empty when nobody answers.
 */
export type SlotTable = readonly string[];

/** One listener with its slot table, as all nodes see it. */
export interface PlacedListener {
  /** `<key>/<address>/<protocol>/<port>`, the tail of its chains' names. */
  readonly id: string;
  readonly listener: Listener;
  readonly slots: SlotTable;
  /** Endpoint id → node name, for endpoints with a node. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly moved: MovedSlots;
}

/**
 * Slots whose flows from before still belong to another node: slot → that node's name. New flows
 * follow the slot table at once.
 */
export interface MovedSlots {
  readonly slots: ReadonlyMap<number, string>;
  /** When the rest of the old flows is given up, in milliseconds since the epoch. */
  readonly until: number;
}

/** The chains and elements of one listener on one node. */
export interface ListenerRules {
  readonly id: string;
  readonly address: string;
  readonly family: IpFamily;
  /** `<address> . <protocol> . <port>`, the key of its map elements. */
  readonly element: string;
  /** Verdict of the guard's map: `accept`, `drop`, `goto …`. */
  readonly guard: string;
  /** Rules by chain. `serve` is always there, so that it names the owner of the listener. */
  readonly serve: readonly string[];
  readonly ranges: readonly string[];
  readonly spread: readonly string[];
  readonly moved: readonly string[];
}

/** What a node holds of one listener; `rules` is empty when only its existence is known. */
export interface HeldListener {
  readonly id: string;
  readonly guard: string;
  readonly fingerprint: string;
  readonly hasRanges: boolean;
  readonly hasSpread: boolean;
  readonly hasMoved: boolean;
}
