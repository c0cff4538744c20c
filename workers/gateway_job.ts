import type { AddressView, GatewayJob, RoutedOutcome } from "../lib/dispatch/types.ts";
import { type GatewayInput, type GatewayPlan, planGateway } from "../lib/gateway/mod.ts";
import type { RoutesServed } from "../lib/planes/types.ts";
import type { RouteSpec } from "../lib/proxy/types.ts";
import { agreeOnAddresses } from "./proxy_addresses.ts";
import { applyRoutes, type ProxyJobDeps, type RouteFailure } from "./proxy_job.ts";

/**
 * Plans a Gateway, agrees on its addresses, serves it, and says what is to be written. What the
 * proxy cannot do becomes part of the statuses; rejects only for a canceled signal and our own
 * defects.
 */
export async function runGatewayJob(
  job: GatewayJob,
  deps: ProxyJobDeps,
  signal: AbortSignal,
): Promise<RoutedOutcome> {
  const started = deps.now();
  const { plan, shortage, taken } = await deps.stage("plan", () => planWithAddresses(job, deps));
  const planned = deps.now();
  const result = shortage === undefined
    ? await deps.stage("apply", () => applyRoutes(job.key, servable(plan), { ...deps, signal }))
    : { failure: shortage };
  const { failure, served } = result;
  return {
    kind: "routed",
    ...(served === undefined ? {} : { served }),
    ...(failure === undefined ? {} : { failure }),
    taken,
    statuses: plan.statuses(
      failure === undefined
        ? { served: served ?? nothingServed(job.key) }
        : { failure: failure.message },
    ),
    infrastructure: plan.infrastructure,
    stages: { plan: planned - started, apply: deps.now() - planned },
  };
}

interface PlanWithAddresses extends Pick<RoutedOutcome, "taken"> {
  readonly plan: GatewayPlan;
  readonly shortage?: RouteFailure;
}

/** A plan whose spec has the addresses that the ledger gave. */
async function planWithAddresses(
  job: GatewayJob,
  deps: ProxyJobDeps,
): Promise<PlanWithAddresses> {
  const first = planGateway(withAddresses(job.input, job.view.held, {}));
  if (first.spec === undefined) return { plan: first, taken: [] };
  const agreed = await agreeOnAddresses({
    ...{ job, spec: first.spec, nodes: deps.nodes() },
    entries: job.input.gateway.spec.addresses ?? [],
    commit: (proposal) => deps.commit(proposal),
  });
  const plan = unchanged(job.view, agreed)
    ? first
    : planGateway(withAddresses(job.input, agreed.addresses, agreed.unusable));
  const { shortage, taken } = agreed;
  return shortage === undefined
    ? { plan, taken }
    : { plan, taken, shortage: { errorKind: "exhausted", message: shortage } };
}

/** Without an address nobody can reach it: no proxy is kept for that. */
function servable({ spec }: GatewayPlan): RouteSpec | undefined {
  return spec === undefined || spec.addresses.length === 0 ? undefined : spec;
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

function nothingServed(key: string): RoutesServed {
  return { key, addresses: [], published: [], refused: [], warnings: [] };
}
