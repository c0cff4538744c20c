import type { ParentOutcome } from "./attachments.ts";
import type { PlannedPolicy, PolicyBook } from "./backend_policies.ts";
import type { PlannedListener } from "./listener_types.ts";
import type { SortedSets } from "./listener_sets.ts";
import type { GatewayInput } from "./plan_types.ts";
import type { Problem } from "./problem.ts";
import type { PlannedRoute } from "./route_spec.ts";
import type { ListenerSet, Route } from "./types.ts";

/** All that was found about a Gateway and what belongs to it; statuses are told from it. */
export interface PlanFacts {
  readonly input: GatewayInput;
  /** Why the Gateway is not accepted. */
  readonly refused: Problem | undefined;
  /** Why its own references do not hold. */
  readonly unresolved: Problem | undefined;
  /** Addresses that it asks for and cannot have. */
  readonly unusable: readonly string[];
  readonly sets: SortedSets;
  /** The sets that the Gateway does not let in, for look-ups. */
  readonly closed: ReadonlySet<ListenerSet>;
  readonly listeners: readonly PlannedListener[];
  /** The same by owner: `Gateway/ns/name`, `ListenerSet/ns/name`. */
  readonly owners: ReadonlyMap<string, readonly PlannedListener[]>;
  readonly routes: readonly RouteResult[];
  /** Routes on each listener, by its key. */
  readonly attachedRoutes: ReadonlyMap<string, number>;
  readonly policies: readonly PolicyResult[];
  readonly book: PolicyBook;
}

/** A route, and what comes of each of its references to this Gateway. */
export interface RouteResult {
  readonly route: Route;
  readonly planned: PlannedRoute;
  readonly outcomes: readonly ParentOutcome[];
}

/** A policy of a Service that an attached route uses. */
export interface PolicyResult {
  readonly planned: PlannedPolicy;
  /** Why it is not accepted, conflicts included. */
  readonly refused: Problem | undefined;
}

/** The proxy's answer, in the form that statuses need. */
export interface ProxyAnswer {
  /** Addresses that answer. */
  readonly addresses: readonly string[];
  /** Why nothing is served. */
  readonly failure: string | undefined;
  /** What the proxy refused, by port. */
  readonly refused: ReadonlyMap<number, string>;
}
