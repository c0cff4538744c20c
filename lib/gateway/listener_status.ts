import { type Finding, no, stamp, yes } from "./conditions.ts";
import { isAccepted, isServable, type PlannedListener } from "./listener_types.ts";
import { GATEWAY_GROUP } from "./names.ts";
import type { PlanFacts, ProxyAnswer } from "./plan_facts.ts";
import { type Problem, problem } from "./problem.ts";
import type { GatewayListener, ListenerStatus } from "./types.ts";

/** The statuses of one owner's listeners, in the order of its spec. */
export function listenerStatuses(
  owner: string,
  facts: PlanFacts,
  answer: ProxyAnswer,
): readonly ListenerStatus[] {
  return (facts.owners.get(owner) ?? []).map((one) => listenerStatus(one, facts, answer));
}

/** Why a listener does not serve though it was asked to, or undefined when it serves. */
export function notProgrammed(
  listener: PlannedListener,
  facts: PlanFacts,
  answer: ProxyAnswer,
): Problem | undefined {
  if (listener.conflict !== undefined) return listener.conflict;
  const wrong = listener.refused ?? facts.refused;
  if (wrong !== undefined) return problem("Invalid", wrong.message);
  if (!isServable(listener)) {
    return problem("Invalid", listener.unresolved?.message ?? "nothing can be served");
  }
  if (answer.failure !== undefined) return problem("Pending", answer.failure);
  if (answer.addresses.length === 0) return problem("Pending", "no address is assigned yet");
  const refused = answer.refused.get(listener.spec.port);
  return refused === undefined ? undefined : problem("Invalid", `the proxy refuses it: ${refused}`);
}

function listenerStatus(
  listener: PlannedListener,
  facts: PlanFacts,
  answer: ProxyAnswer,
): ListenerStatus {
  const { spec, owner, kinds } = listener;
  const before: readonly ListenerStatus[] = owner.object.status?.listeners ?? [];
  return {
    name: spec.name,
    supportedKinds: kinds.map((kind) => ({ group: GATEWAY_GROUP, kind })),
    attachedRoutes: facts.attachedRoutes.get(listener.key) ?? 0,
    conditions: stamp(findings(listener, notProgrammed(listener, facts, answer)), {
      before: before.find(({ name }) => name === spec.name)?.conditions,
      generation: owner.object.metadata.generation,
      now: facts.input.now,
      drop: ["OverlappingTLSConfig"],
    }),
  };
}

function findings(listener: PlannedListener, idle: Problem | undefined): readonly Finding[] {
  const { conflict, refused, unresolved } = listener;
  const wrong = conflict ?? refused;
  return [
    isAccepted(listener) || wrong === undefined
      ? yes("Accepted", "Accepted")
      : no("Accepted", wrong.reason, wrong.message),
    conflict === undefined
      ? no("Conflicted", "NoConflicts")
      : yes("Conflicted", conflict.reason, conflict.message),
    idle === undefined
      ? yes("Programmed", "Programmed")
      : no("Programmed", idle.reason, idle.message),
    unresolved === undefined
      ? yes("ResolvedRefs", "ResolvedRefs")
      : no("ResolvedRefs", unresolved.reason, unresolved.message),
    ...(listener.overlapping ? [overlapping(listener.spec)] : []),
  ];
}

function overlapping({ port }: GatewayListener): Finding {
  const message =
    `another HTTPS listener of port ${port} has host names in common with this one; ` +
    `requests that reach the wrong one get status 421`;
  return yes("OverlappingTLSConfig", "OverlappingHostnames", message);
}
