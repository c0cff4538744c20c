import { AppError, errorKind, errorText } from "../lib/core/mod.ts";
import type { JobNode, RoutedOutcome } from "../lib/dispatch/types.ts";
import type { RoutePlane, RoutesServed } from "../lib/planes/types.ts";
import type { RouteSpec } from "../lib/proxy/types.ts";
import type { CommitAnswer, Proposal } from "../lib/services/mod.ts";

/** What a job of a Gateway or of the Ingresses needs. */
export interface ProxyJobDeps {
  /** Absent where the cluster has no proxy. */
  readonly plane: RoutePlane | undefined;
  nodes(): readonly JobNode[];
  /** Proposes addresses to the ledger in the main isolate. */
  commit(proposal: Proposal): Promise<CommitAnswer>;
  /** Milliseconds, for the stages of a job. */
  now(): number;
  /** Runs one stage of a job, seen by whoever traces it. */
  stage<T>(name: "plan" | "apply", work: () => Promise<T>): Promise<T>;
}

/** Why nothing (new) is served. */
export type RouteFailure = NonNullable<RoutedOutcome["failure"]>;

/** What the proxy did. */
export interface AppliedRoutes {
  readonly served?: RoutesServed;
  readonly failure?: RouteFailure;
}

/** Serves the spec; takes away what was served before where there is none. */
export async function applyRoutes(
  key: string,
  spec: RouteSpec | undefined,
  { plane, signal }: Pick<ProxyJobDeps, "plane"> & { readonly signal: AbortSignal },
): Promise<AppliedRoutes> {
  try {
    if (spec === undefined) {
      await plane?.remove(key, { signal });
      return {};
    }
    if (plane === undefined) {
      throw new AppError(
        "no proxy is available in this cluster: Gateways and Ingresses need the Envoy plane",
        { kind: "unavailable" },
      );
    }
    return { served: await plane.ensureRoutes(spec, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    return { failure: { errorKind: errorKind(error), message: errorText(error) } };
  }
}
