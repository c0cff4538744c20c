import { type Finding, no, stamp, yes } from "./conditions.ts";
import { listenerStatuses, notProgrammed } from "./listener_status.ts";
import { isAccepted, isServable, type PlannedListener } from "./listener_types.ts";
import { nameOf, pathOf } from "./names.ts";
import type { PlanFacts, ProxyAnswer } from "./plan_facts.ts";
import { type Problem, problem } from "./problem.ts";
import type { ListenerSet, ListenerSetStatus } from "./types.ts";

/** The status of a ListenerSet, let in by the Gateway or not. */
export function listenerSetStatus(
  set: ListenerSet,
  facts: PlanFacts,
  answer: ProxyAnswer,
): ListenerSetStatus {
  return {
    conditions: stamp(findings(set, facts, answer), {
      before: set.status?.conditions,
      generation: set.metadata.generation,
      now: facts.input.now,
    }),
    listeners: listenerStatuses(ownerOf(set), facts, answer),
  };
}

/** What a set that the Gateway does not let in is told. */
export function notAllowed(set: ListenerSet): Problem {
  const { namespace } = nameOf(set);
  const message =
    `the Gateway takes no ListenerSets of namespace ${namespace}: allow them in its ` +
    `spec.allowedListeners`;
  return problem("NotAllowed", message);
}

/** Why a set is not accepted, or undefined when it is. */
export function setRefusal(set: ListenerSet, facts: PlanFacts): Problem | undefined {
  if (facts.closed.has(set)) return notAllowed(set);
  if (facts.refused !== undefined && facts.refused.reason !== "ListenersNotValid") {
    return problem("ParentNotAccepted", facts.refused.message);
  }
  const listeners = listenersOf(set, facts);
  if (listeners.some(isServable)) return undefined;
  return problem("ListenersNotValid", listeners.flatMap(whyNot).join("; "));
}

function findings(set: ListenerSet, facts: PlanFacts, answer: ProxyAnswer): readonly Finding[] {
  const refused = setRefusal(set, facts);
  if (refused !== undefined) {
    const { reason, message } = refused;
    return [no("Accepted", reason, message), no("Programmed", reason, message)];
  }
  const listeners = listenersOf(set, facts);
  const invalid = listeners.filter((one) => !isAccepted(one));
  const idle = listeners.map((one) => notProgrammed(one, facts, answer));
  const serves = idle.some((one) => one === undefined);
  const first = idle.find((one) => one?.reason === "Pending") ?? idle[0];
  return [
    invalid.length === 0
      ? yes("Accepted", "Accepted")
      : yes("Accepted", "ListenersNotValid", invalid.flatMap(whyNot).join("; ")),
    serves
      ? yes("Programmed", "Programmed")
      : no("Programmed", first?.reason ?? "Invalid", first?.message ?? ""),
  ];
}

function listenersOf(set: ListenerSet, facts: PlanFacts): readonly PlannedListener[] {
  return facts.owners.get(ownerOf(set)) ?? [];
}

function whyNot(listener: PlannedListener): readonly string[] {
  const why = listener.conflict ?? listener.refused ?? listener.unresolved;
  return why === undefined ? [] : [`listener "${listener.spec.name}": ${why.message}`];
}

function ownerOf(set: ListenerSet): string {
  return `ListenerSet/${pathOf(nameOf(set))}`;
}
