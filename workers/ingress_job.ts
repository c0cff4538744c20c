import type { IngressJob, IngressOutcome } from "../lib/dispatch/types.ts";
import { planIngress } from "../lib/ingress/mod.ts";
import type { IngressInput, IngressPlan } from "../lib/ingress/types.ts";
import { agreeOnAddresses } from "./proxy_addresses.ts";
import { applyRoutes, type ProxyJobDeps, type RouteFailure } from "./proxy_job.ts";

/**
 * Plans the Ingresses of a cluster, agrees on the address of their proxy, serves them, and says
 * what is to be written. Rejects only for a canceled signal and our own defects.
 */
export async function runIngressJob(
  job: IngressJob,
  deps: ProxyJobDeps,
  signal: AbortSignal,
): Promise<IngressOutcome> {
  const started = deps.now();
  const { plan, shortage } = await deps.stage("plan", () => planWithAddresses(job, deps));
  const planned = deps.now();
  const { served, failure } = shortage === undefined
    ? await deps.stage("apply", () => applyRoutes(job.key, plan.spec, { ...deps, signal }))
    : { failure: shortage };
  return {
    kind: "ingress",
    problems: plan.problems,
    statuses: served === undefined ? [] : plan.statuses(served),
    ...(served === undefined ? {} : { served }),
    ...(failure === undefined ? {} : { failure }),
    stages: { plan: planned - started, apply: deps.now() - planned },
  };
}

interface Planned {
  readonly plan: IngressPlan;
  readonly shortage?: RouteFailure;
}

async function planWithAddresses(job: IngressJob, deps: ProxyJobDeps): Promise<Planned> {
  const first = planIngress(withAddresses(job.input, job.view.held));
  if (first.spec === undefined) return { plan: first };
  const agreed = await agreeOnAddresses({
    ...{ job, spec: first.spec, nodes: deps.nodes(), entries: [] },
    commit: (proposal) => deps.commit(proposal),
  });
  const same = agreed.addresses.join() === job.view.held.join();
  const plan = same ? first : planIngress(withAddresses(job.input, agreed.addresses));
  return agreed.shortage === undefined
    ? { plan }
    : { plan, shortage: { errorKind: "exhausted", message: agreed.shortage } };
}

function withAddresses(input: IngressInput, addresses: readonly string[]): IngressInput {
  return { ...input, addresses };
}
