import type { Ledger } from "../../addresses/mod.ts";
import type { Node } from "../../kube/types.ts";
import { canonicalAddress } from "../../net/mod.ts";

/** Where the addresses of nodes are noted. */
export type NodeLedger = Pick<Ledger, "reserve" | "unreserve" | "clash">;

/** Keeps nodes' own addresses out of what is given, also where a pool has them. */
export class NodeAddresses {
  readonly #ledger: NodeLedger;
  readonly #nodes = new Map<string, readonly string[]>();
  readonly #owners = new Map<string, string>();

  constructor(ledger: NodeLedger) {
    this.#ledger = ledger;
  }

  /** Replaces every node; tells what changed. */
  sync(nodes: readonly Node[]): NodeChange {
    const names = new Set(nodes.map(({ metadata }) => metadata.name));
    const gone = [...this.#nodes.keys()].filter((name) => !names.has(name));
    return merged([
      ...gone.map((name) => this.#set(name, [])),
      ...nodes.map((node) => this.apply(node)),
    ]);
  }

  /** A node is new or changed. */
  apply(node: Node): NodeChange {
    return this.#set(node.metadata.name, addressesOf(node));
  }

  /** A node is gone. */
  remove({ metadata }: Node): NodeChange {
    return this.#set(metadata.name, []);
  }

  #set(name: string, addresses: readonly string[]): NodeChange {
    const before = this.#nodes.get(name) ?? [];
    const gone = before.filter((address) =>
      !addresses.includes(address) && this.#owners.get(address) === name
    );
    const fresh = addresses.filter((address) => this.#owners.get(address) !== name);
    for (const address of gone) {
      this.#owners.delete(address);
      this.#ledger.unreserve(address);
    }
    for (const address of fresh) {
      this.#owners.set(address, name);
      this.#ledger.reserve(address, nodePhrase(name));
    }
    if (addresses.length === 0) this.#nodes.delete(name);
    else this.#nodes.set(name, addresses);
    const clashes = fresh.flatMap((address) => this.#ledger.clash(address));
    return { freed: gone, clashes };
  }
}

/** What a change of the nodes means to Services. */
export interface NodeChange {
  /** Addresses that may be given again. */
  readonly freed: readonly string[];
  /** Services that have an address of a node. */
  readonly clashes: readonly string[];
}

/** Addresses of nodes, and which node has each, as people say it: `node one`. */
export function nodeAddresses(nodes: Iterable<Node>): ReadonlyMap<string, string> {
  return new Map(
    [...nodes].flatMap((node) =>
      addressesOf(node).map((address) => [address, nodePhrase(node.metadata.name)] as const)
    ),
  );
}

function nodePhrase(name: string): string {
  return `node ${name}`;
}

/** Canonical text of the addresses that a node has. */
export function addressesOf({ status }: Pick<Node, "status">): readonly string[] {
  return (status?.addresses ?? []).filter(({ type }) => type.endsWith("IP"))
    .flatMap(({ address }) => canonicalAddress(address) ?? []);
}

function merged(changes: readonly NodeChange[]): NodeChange {
  return {
    freed: changes.flatMap(({ freed }) => freed),
    clashes: changes.flatMap(({ clashes }) => clashes),
  };
}
