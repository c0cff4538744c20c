import type { LabelSelector } from "../core/mod.ts";
import type { IpFamily } from "../proxy/types.ts";

/** Addresses from `first` to `last`, both inclusive, as numbers. */
export interface AddressRange {
  readonly family: IpFamily;
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses that may be given, and to whom. Pools may overlap: no address is given twice. */
export interface Pool {
  /** ConfigMap key (`cidr-dev`, `pool-public`) or engine network. */
  readonly name: string;
  /** The pool as its owner wrote it, for messages. */
  readonly text: string;
  /** Sorted by family and value, disjoint. Empty when no entry of the pool could be read. */
  readonly ranges: readonly AddressRange[];
  /** False: only addresses that a Service asks for (by address or pool) are taken from it. */
  readonly auto: boolean;
  readonly order: "ascending" | "descending";
  /** IPv4 addresses that end in .0 or .255 are not chosen; a Service may ask for them. */
  readonly avoidEnds: boolean;
  /** Families whose addresses a DHCP server gives: Services get `0.0.0.0` or `::` for them. */
  readonly dhcp: readonly IpFamily[];
  readonly scope: PoolScope;
  /** Network interface that announces addresses of this pool; overrides the namespace's. */
  readonly interface: string | undefined;
}

/** Who may be given addresses of a pool. */
export type PoolScope =
  /** Every Service, after pools that are meant for it. */
  | { readonly kind: "global" }
  /** The Services of one namespace, and then no other pool serves them. */
  | { readonly kind: "namespace"; readonly namespace: string }
  /** The Services that match all of it; empty lists and absent selectors match everything. */
  | {
    readonly kind: "selected";
    /** The lowest goes first, 0 last. */
    readonly priority: number;
    readonly namespaces: readonly string[];
    readonly namespaceSelector: LabelSelector | undefined;
    readonly serviceSelector: LabelSelector | undefined;
  };

/** The pools of a cluster and the settings beside them. */
export interface PoolConfig {
  readonly pools: readonly Pool[];
  /** Whether Services of a namespace share addresses; `global` stands for the others. */
  readonly share: ReadonlyMap<string, boolean>;
  /** Network interface by namespace; `global` stands for the others, empty text for none. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** What becomes of addresses asked for that no pool has. */
  readonly outside: "allow" | "refuse";
}

/** Something in a pool configuration that a person should mend. */
export interface PoolProblem {
  /** `error`: the entry is not used. `warning`: it is, perhaps not as meant. */
  readonly severity: "error" | "warning";
  /** ConfigMap key. */
  readonly key: string;
  /** The entry as written. */
  readonly value: string;
  /** One sentence: key, value, what is wrong, remedy. */
  readonly message: string;
}

/** How a Service uses an address: what decides whether another may share it. */
export interface AddressUse {
  /** `TCP/80` and so on; sorted. */
  readonly ports: readonly string[];
  /** Services with the same non-empty sharing key may share an address on different ports. */
  readonly sharingKey: string;
  /** What carries the traffic: an address is in one place. Absent: not known, or all the same. */
  readonly plane?: string;
  /** The Service itself named the address, so that it may be outside every pool, where allowed. */
  readonly asked?: true;
  /** Another controller serves it: none of ours shares with it. */
  readonly foreign?: true;
}

/** `spec.ipFamilyPolicy`; absent counts as SingleStack. */
export type FamilyPolicy = "SingleStack" | "PreferDualStack" | "RequireDualStack";

/** What a Service asks for. */
export interface AddressRequest {
  /** Families wanted, first is primary. */
  readonly families: readonly IpFamily[];
  readonly policy: FamilyPolicy;
  /** Exact addresses asked for, canonical text; at most one for each family. */
  readonly requested: readonly string[];
}

/** What a Service asks for where pools are chosen for it, see `addressAsk`. */
export interface AddressAsk {
  /** Name in the ledger: anything that is unique and stays, such as `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Families wanted, first is primary; empty means whatever the pool has. */
  readonly families: readonly IpFamily[];
  readonly policy: FamilyPolicy;
  /** Addresses asked for, canonical text, and host names as written. */
  readonly requested: readonly string[];
  /** Where `requested` stands: `annotation kube-vip.io/loadbalancerIPs`. */
  readonly requestedBy: string;
  /** Texts there that are neither. */
  readonly unreadable: readonly string[];
  /** Name of the pool asked for. */
  readonly pool: string | undefined;
  /** It asked for another pool before: only then is it moved out of one that lost its address. */
  readonly isPoolNew?: true;
  /** The Service's own: see `poolUse` for what it comes to among pools that share. */
  readonly use: AddressUse;
  /**
   * Where its traffic must go: empty under externalTrafficPolicy Cluster, else the selector. Only
   * Services with the same one share, as one node announces the address for all of them.
   */
  readonly backend: string;
}

/** What to do about a Service's addresses, on a worker's view. */
export type AddressDecision =
  /** The addresses it holds are right. */
  | { readonly kind: "keep"; readonly addresses: readonly string[] }
  /** Commit these to the ledger, then serve them. */
  | { readonly kind: "take"; readonly addresses: readonly string[] }
  | { readonly kind: "refuse"; readonly reason: "exhausted"; readonly message: string };

/** What to do about a Service's addresses, with the rule that decided. */
export type PoolDecision =
  /** Nothing to write: it holds `addresses`. `warnings` say what a person should know. */
  | (PoolGrant & { readonly kind: "keep" })
  /** Commit `addresses` with `use`, then write them to the Service. */
  | (PoolGrant & { readonly kind: "take" })
  /** It gets nothing now. */
  | {
    readonly kind: "refuse";
    readonly reason: RefusalReason;
    /** Names the pool, what is wrong, remedy. */
    readonly message: string;
  };

/** Addresses of a {@link PoolDecision}. */
export interface PoolGrant {
  /** Canonical text, primary family first; `0.0.0.0` and `::` stand for DHCP. */
  readonly addresses: readonly string[];
  /** Name of the pool that they come from; undefined when no pool has them. */
  readonly pool: string | undefined;
  /** The rule that decided, as a phrase: `lowest free address of cidr-dev (namespace dev)`. */
  readonly reason: string;
  /** To be announced on this network interface; only with addresses out of a pool. */
  readonly interface: string | undefined;
  /** True when another Service has one of them, too. */
  readonly shared: boolean;
  /** A family that it would like is used up: ask again when an address becomes free. */
  readonly isPartial?: true;
  /** How the addresses are used, with the sharing that the pools allow: for `commit`. */
  readonly use: AddressUse;
  readonly warnings: readonly string[];
}

/** Why a Service gets no address. */
export type RefusalReason =
  | "invalid" // its own request cannot be read
  | "no-pool" // no pool is meant for it
  | "family" // the pools lack a family that it requires
  | "exhausted"
  | "outside"
  | "in-use"
  | "port-conflict";

/** The ledger's answer to a proposal. */
export type CommitResult =
  | { readonly ok: true }
  | {
    readonly ok: false;
    /** `taken`: plan again on a fresh view. The others need another request. */
    readonly reason: "taken" | "outside" | "in-use" | "port-conflict";
    readonly message: string;
    /** Something that is no Service has it: a node, a container. */
    readonly reserved?: true;
  };

/** The ledger as decisions read it; `Ledger` is one. */
export interface LedgerView {
  /** Addresses of a key, in the order in which it got them. */
  held(key: string): readonly string[];
  /** The next address of a pool that nobody has, in the pool's order; O(log n). */
  free(pool: Pool, family: IpFamily): string | undefined;
  /** The first address of a pool, in its order, that others have and this use may share. */
  shareable(pool: Pool, proposal: Proposal): string | undefined;
  /** Why a key cannot have an address; undefined when it can. Pools do not matter here. */
  obstacle(address: string, proposal: Proposal): (CommitResult & { ok: false }) | undefined;
  /** Whether somebody else has the address. */
  taken(address: string, key: string): boolean;
}

/** Who would use an address, and how. */
export interface Proposal {
  readonly key: string;
  readonly use: AddressUse;
}

/** What became of addresses that a key let go of. */
export interface Settled {
  /** Somebody could be given them. */
  readonly freed: readonly string[];
  /** Keys that shared them, or claimed them and have them now. */
  readonly holders: readonly string[];
}

/** An address that several users claim. */
export interface LedgerConflict {
  readonly address: string;
  /** Those that have it: keys, or what reserved it. */
  readonly holders: readonly string[];
  /** Those that say they have it, too, and cannot share it. */
  readonly claimants: readonly string[];
}

/** How full a pool is in one family. */
export interface PoolUsage {
  readonly pool: Pool;
  readonly family: IpFamily;
  /** Addresses that can be chosen when all are free. */
  readonly size: bigint;
  /** How many of them somebody has. */
  readonly used: number;
}
