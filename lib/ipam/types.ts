import type { AddressUse, LedgerView, PoolConfig } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";

/** Which Services are served. */
export interface IpamMode {
  /** Those of this class alone; undefined: those without a class. */
  readonly loadBalancerClass: string | undefined;
}

/** An event worth writing. */
export interface IpamNote {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** What a plan is made of, beside the Service. */
export interface IpamContext {
  readonly key: string;
  readonly mode: IpamMode;
  readonly config: PoolConfig;
  readonly ledger: LedgerView;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** The Service as it was when it was last served; tells which of two wishes is the newer. */
  readonly served: Service | undefined;
}

/** A strategic merge patch that the API server refuses when the Service has changed meanwhile. */
export type ServicePatch = Readonly<Record<string, unknown>>;

/** What to do about one Service. */
export type IpamPlan =
  /** It is not ours, or needs nothing. Its addresses count as used all the same. */
  | { readonly kind: "leave" }
  /** It needs no address any more: take what we wrote away. */
  | {
    readonly kind: "release";
    readonly patch: ServicePatch;
    readonly notes: readonly IpamNote[];
  }
  /** Commit the addresses, then write the patch, if any. */
  | {
    readonly kind: "serve";
    readonly addresses: readonly string[];
    readonly use: AddressUse;
    /** It would like a family more: ask again when an address or a pool becomes free. */
    readonly isPartial: boolean;
    readonly patch: ServicePatch | undefined;
    readonly notes: readonly IpamNote[];
  }
  /** It gets nothing now; ask again when an address or a pool becomes free. */
  | {
    readonly kind: "wait";
    readonly patch: ServicePatch | undefined;
    readonly notes: readonly IpamNote[];
  };
