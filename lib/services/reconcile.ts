import { AppError } from "../core/mod.ts";
import { allocate, missingFamilies } from "../addresses/mod.ts";
import type { AddressRequest, AddressUse, CommitResult } from "../addresses/types.ts";
import type { AddressView, JobEvent, Outcome, ServiceJob } from "../dispatch/types.ts";
import type { Plane, PlaneName } from "../planes/types.ts";
import type { ProxySpec } from "../proxy/types.ts";
import { addressRequest, addressUse } from "./address_request.ts";
import { failure } from "./failure.ts";
import { noPods } from "./no_pods.ts";
import { type PlanNode, planService } from "./plan.ts";
import { unusedProxyProtocol } from "./proxy_protocol.ts";
import { unservedPorts } from "./unserved_ports.ts";

/** What a worker needs to do jobs. */
export interface ReconcileDeps {
  /** The planes that exist in this cluster. */
  readonly planes: ReadonlyMap<PlaneName, Plane>;
  nodes(): readonly PlanNode[];
  /** Proposes addresses to the ledger in the main isolate; a refusal brings a fresh view. */
  commit(proposal: Proposal): Promise<CommitAnswer>;
  /** Milliseconds, for the stages of a job. */
  now(): number;
  /** Runs one stage of a job, seen by whoever traces it. */
  stage<T>(name: "plan" | "apply", work: () => Promise<T>): Promise<T>;
}

/** Addresses that a key would like to hold. */
export interface Proposal {
  readonly key: string;
  readonly addresses: readonly string[];
  readonly use: AddressUse;
}

/** The ledger's answer; after a refusal with the view to plan on again, else with an empty one. */
export interface CommitAnswer {
  readonly result: CommitResult;
  readonly view: AddressView;
}

type EnsureJob = ServiceJob & { kind: "ensure" };

/** Lost races in a row after which a job gives up and is tried again later. */
const commitTries = 8;

/** Runs one job: plan, agree on addresses, apply. Never rejects, but for a canceled signal. */
export async function reconcile(
  job: ServiceJob,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    switch (job.kind) {
      case "ensure":
        return await ensure(job, deps, signal);
      case "remove":
        return await remove(job.key, deps, signal);
      case "list":
        return await list(deps, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    return failure(error);
  }
}

async function ensure(job: EnsureJob, deps: ReconcileDeps, signal: AbortSignal): Promise<Outcome> {
  const started = deps.now();
  const plane = deps.planes.get(job.plane);
  if (plane === undefined) throw missingPlane(job.plane, deps);
  const left = unservedPorts(job.service, job.plane);
  if (left !== undefined && left.ports.length === job.service.spec.ports?.length) {
    throw new AppError(left.text, { kind: "invalid" });
  }
  const spec = await deps.stage("plan", async () => {
    const addresses = await agree(job, deps);
    const all = planService({ ...job, nodes: deps.nodes(), addresses });
    return left === undefined ? all : without(left.ports, all);
  });
  const planned = deps.now();
  const served = await deps.stage("apply", async () => {
    const served = await plane.ensure(spec, { signal });
    await removeElsewhere(job, deps, signal);
    return served;
  });
  const refused = [
    ...(left === undefined ? [] : [left.text]),
    ...unusedProxyProtocol(job.service, job.plane),
  ];
  const own = [...refused, ...singleStack(job, spec), ...unanswered(spec)];
  return {
    kind: "served",
    served: { ...served, warnings: [...served.warnings, ...own] },
    ...(own.length === 0 ? {} : { planned: own }),
    plane: job.plane,
    events: warnings([...refused, ...served.warnings]),
    stages: { plan: planned - started, apply: deps.now() - planned },
  };
}

function without(ports: readonly string[], spec: ProxySpec): ProxySpec {
  const listeners = spec.listeners.filter(({ protocol, port }) =>
    !ports.includes(`${protocol}/${port}`)
  );
  return { ...spec, listeners };
}

async function remove(key: string, deps: ReconcileDeps, signal: AbortSignal): Promise<Outcome> {
  const started = deps.now();
  await deps.stage("apply", async () => {
    for (const plane of deps.planes.values()) await plane.remove(key, { signal });
  });
  return { kind: "removed", stages: { apply: deps.now() - started } };
}

/** A Service that changed its plane must leave the old one. */
async function removeElsewhere(
  { key, plane }: EnsureJob,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, other] of deps.planes) {
    if (name !== plane) await other.remove(key, { signal });
  }
}

function missingPlane(name: PlaneName, deps: ReconcileDeps): AppError {
  const known = [...deps.planes.keys()].map((plane) => `"${plane}"`).join(" or ");
  return new AppError(`plane "${name}" is not available in this cluster: use ${known}`, {
    kind: "invalid",
  });
}

async function list(deps: ReconcileDeps, signal: AbortSignal): Promise<Outcome> {
  const lists = [...deps.planes.values()].map((plane) => plane.list({ signal }));
  return { kind: "listed", served: (await Promise.all(lists)).flat() };
}

/** Plans addresses on the job's view and commits them; a lost race plans again. */
async function agree(job: EnsureJob, deps: ReconcileDeps): Promise<readonly string[]> {
  const request = addressRequest(job.service);
  const use = { ...addressUse(job.service), plane: job.plane };
  let addresses = propose(request, job.view);
  for (let attempt = 0; attempt < commitTries; attempt++) {
    const { result, view } = await deps.commit({ key: job.key, addresses, use });
    if (result.ok) return addresses;
    const next = propose(request, view);
    // no race was lost: what was refused is asked for by name, or held and used otherwise now
    if (next.every((address) => addresses.includes(address))) {
      throw new AppError(result.message, { kind: "conflict" });
    }
    addresses = next;
  }
  throw new AppError("other Services took every address proposed: trying again", {
    kind: "conflict",
  });
}

function propose(request: AddressRequest, view: AddressView): readonly string[] {
  const decision = allocate(request, view);
  if (decision.kind === "refuse") throw new AppError(decision.message, { kind: "exhausted" });
  return decision.addresses;
}

/** For the status alone: who merely prefers two families is told which it went without. */
function singleStack({ service }: EnsureJob, { addresses }: ProxySpec): readonly string[] {
  return missingFamilies(addressRequest(service), addresses).map((family) =>
    `single stack, as the network has no free ${family} address and ipFamilyPolicy is ` +
    `PreferDualStack`
  );
}

/** For the status alone: a Service that is older than its Pods is worth no event. */
function unanswered({ listeners }: ProxySpec): readonly string[] {
  const idle = listeners.filter(({ endpoints }) => endpoints.length === 0);
  const ports = new Set(idle.map(({ protocol, port }) => `${protocol}/${port}`));
  return ports.size === 0 ? [] : [noPods([...ports]).text];
}

function warnings(texts: readonly string[]): readonly JobEvent[] {
  return texts.map((message) => ({ type: "Warning", reason: "LoadBalancerWarning", message }));
}
