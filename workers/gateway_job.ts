import { AppError, errorKind, errorText } from "../lib/core/mod.ts";
import type { AddressView, GatewayJob, JobNode, RoutedOutcome } from "../lib/dispatch/types.ts";
import { type GatewayInput, type GatewayPlan, planGateway } from "../lib/gateway/mod.ts";
import type { RoutePlane, RoutesServed } from "../lib/planes/types.ts";
import type { RouteSpec } from "../lib/proxy/types.ts";
import type { CommitAnswer, Proposal } from "../lib/services/mod.ts";
import { agreeOnAddresses } from "./gateway_addresses.ts";

/** What a job of a Gateway needs. */
export interface GatewayJobDeps {
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

/**
 * Plans a Gateway, agrees on its addresses, serves it, and says what is to be written. What the
 * proxy cannot do becomes part of the statuses; rejects only for a canceled signal and our own
 * defects.
 */
export async function runGatewayJob(
  job: GatewayJob,
  deps: GatewayJobDeps,
  signal: AbortSignal,
): Promise<RoutedOutcome> {
  const started = deps.now();
  const { plan, shortage } = await deps.stage("plan", () => planWithAddresses(job, deps));
  const planned = deps.now();
  const result = shortage === undefined
    ? await deps.stage("apply", () => apply(job.key, plan.spec, { deps, signal }))
    : { failure: shortage };
  const { failure, served } = result;
  return {
    kind: "routed",
    ...(served === undefined ? {} : { served }),
    ...(failure === undefined ? {} : { failure }),
    statuses: plan.statuses(
      failure === undefined
        ? { served: served ?? nothingServed(job.key) }
        : { failure: failure.message },
    ),
    infrastructure: plan.infrastructure,
    stages: { plan: planned - started, apply: deps.now() - planned },
  };
}

type Failure = NonNullable<RoutedOutcome["failure"]>;

interface Applied {
  readonly served?: RoutesServed;
  readonly failure?: Failure;
}

/** A plan whose spec has the addresses that the ledger gave. */
async function planWithAddresses(
  job: GatewayJob,
  deps: GatewayJobDeps,
): Promise<{ readonly plan: GatewayPlan; readonly shortage?: Failure }> {
  const first = planGateway(withAddresses(job.input, job.view.held, {}));
  if (first.spec === undefined) return { plan: first };
  const agreed = await agreeOnAddresses({
    ...{ job, spec: first.spec, nodes: deps.nodes() },
    commit: (proposal) => deps.commit(proposal),
  });
  const plan = unchanged(job.view, agreed)
    ? first
    : planGateway(withAddresses(job.input, agreed.addresses, agreed.unusable));
  return agreed.shortage === undefined
    ? { plan }
    : { plan, shortage: { errorKind: "exhausted", message: agreed.shortage } };
}

function unchanged(
  { held }: AddressView,
  agreed: { readonly addresses: readonly string[]; readonly unusable: object },
): boolean {
  return Object.keys(agreed.unusable).length === 0 && held.join() === agreed.addresses.join();
}

function withAddresses(
  input: GatewayInput,
  addresses: readonly string[],
  unusable: GatewayInput["unusable"],
): GatewayInput {
  return { ...input, addresses, unusable };
}

/** Serves the spec; takes away what was served before where there is none. */
async function apply(
  key: string,
  spec: RouteSpec | undefined,
  { deps: { plane }, signal }: { readonly deps: GatewayJobDeps; readonly signal: AbortSignal },
): Promise<Applied> {
  try {
    if (spec === undefined) {
      await plane?.remove(key, { signal });
      return {};
    }
    if (plane === undefined) {
      throw new AppError("no proxy is available in this cluster: Gateways need the Envoy plane", {
        kind: "unavailable",
      });
    }
    return { served: await plane.ensureRoutes(spec, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    return { failure: { errorKind: errorKind(error), message: errorText(error) } };
  }
}

function nothingServed(key: string): RoutesServed {
  return { key, addresses: [], published: [], refused: [], warnings: [] };
}
