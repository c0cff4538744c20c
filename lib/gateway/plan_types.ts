import type { EndpointSlice, Service } from "../kube/types.ts";
import type { RouteSpec } from "../proxy/types.ts";
import type { RoutesServed } from "../planes/types.ts";
import type {
  BackendTLSPolicy,
  ConfigMap,
  Gateway,
  GatewayStatus,
  ListenerSet,
  ListenerSetStatus,
  PolicyAncestorStatus,
  ReferenceGrant,
  Route,
  RouteKind,
  RouteParentStatus,
  Secret,
} from "./types.ts";

/** A namespaced name as references use it. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** What a Gateway's plan has to look at, found from the objects alone. */
export interface GatewayReferences {
  readonly services: readonly NamespacedName[];
  readonly secrets: readonly NamespacedName[];
  readonly configMaps: readonly NamespacedName[];
}

/** Everything that decides what one Gateway serves and what is told about it. */
export interface GatewayInput {
  /** Name of the cluster, as keys have it. */
  readonly cluster: string;
  /** The controller name of our classes: in route and policy status. */
  readonly controllerName: string;
  readonly gateway: Gateway;
  /** ListenerSets whose parentRef is this Gateway, allowed or not. */
  readonly listenerSets: readonly ListenerSet[];
  /** Routes with a parentRef to this Gateway or to one of its ListenerSets. */
  readonly routes: readonly Route[];
  /** Labels of the namespaces of the routes and ListenerSets, by name. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  /** Those that GatewayReferences named and that exist. */
  readonly secrets: readonly Secret[];
  readonly configMaps: readonly ConfigMap[];
  /** ReferenceGrants of the namespaces that references reach into. */
  readonly grants: readonly ReferenceGrant[];
  /** BackendTLSPolicies of the Services' namespaces. */
  readonly policies: readonly BackendTLSPolicy[];
  /** Addresses that the Gateway holds, from the ledger; empty before it has any. */
  readonly addresses: readonly string[];
  /** Address type entries of spec.addresses that cannot be used, by value, with the reason. */
  readonly unusable: Readonly<Record<string, string>>;
  /** RFC 3339, for condition transitions. */
  readonly now: string;
}

/** Decided from a GatewayInput alone. */
export interface GatewayPlan {
  /** Absent: the Gateway is not accepted; what it served before must go. */
  readonly spec: RouteSpec | undefined;
  /** Addresses that spec.addresses asks for by value. */
  readonly requested: readonly string[];
  /** Labels and annotations for objects made for the Gateway (GEP-1762). */
  readonly infrastructure: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /**
   * Statuses as they are once the proxy answered (or could not: then with its message). Without a
   * spec the result is not looked at.
   */
  statuses(
    result: { readonly served: RoutesServed } | { readonly failure: string },
  ): GatewayStatuses;
}

/** What is written to the objects; each only where it differs. */
export interface GatewayStatuses {
  readonly gateway: GatewayStatus;
  readonly listenerSets: readonly (NamespacedName & { readonly status: ListenerSetStatus })[];
  /** Only the entries for parents that belong to this Gateway. */
  readonly routes: readonly (NamespacedName & {
    readonly kind: RouteKind;
    readonly parents: readonly RouteParentStatus[];
  })[];
  /** Only the entry for this Gateway as ancestor. */
  readonly policies: readonly (NamespacedName & { readonly ancestor: PolicyAncestorStatus })[];
  /** For people: what is not served and why, one sentence each. */
  readonly notes: readonly string[];
}
