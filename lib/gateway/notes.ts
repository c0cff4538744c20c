import type { PlanFacts, ProxyAnswer, RouteResult } from "./plan_facts.ts";
import { gatewayNotProgrammed } from "./gateway_status.ts";
import { notProgrammed } from "./listener_status.ts";
import { setRefusal } from "./listener_set_status.ts";
import { nameOf, pathOf } from "./names.ts";

/** For people: what is not served and why, one sentence each, the Gateway's own first. */
export function notes(facts: PlanFacts, answer: ProxyAnswer): readonly string[] {
  const { gateway } = facts.input;
  const own = gatewayNotProgrammed(facts, answer) ?? facts.unresolved;
  return [
    ...new Set([
      ...(own === undefined ? [] : [`Gateway ${pathOf(nameOf(gateway))}: ${own.message}`]),
      ...listenerNotes(facts, answer),
      ...[...facts.sets.refused, ...facts.sets.allowed].flatMap((set) => {
        const refused = setRefusal(set, facts);
        const path = pathOf(nameOf(set));
        return refused === undefined ? [] : [`ListenerSet ${path}: ${refused.message}`];
      }),
      ...facts.routes.flatMap(routeNotes),
      ...facts.policies.flatMap(({ planned, refused }) => {
        const why = refused ?? planned.unresolved;
        const path = pathOf(nameOf(planned.policy));
        return why === undefined ? [] : [`BackendTLSPolicy ${path}: ${why.message}`];
      }),
    ]),
  ];
}

function listenerNotes(facts: PlanFacts, answer: ProxyAnswer): readonly string[] {
  return facts.listeners.flatMap((listener) => {
    const { owner, spec } = listener;
    const why = notProgrammed(listener, facts, answer) ?? listener.unresolved;
    return why === undefined
      ? []
      : [`listener "${spec.name}" of ${owner.kind} ${owner.path}: ${why.message}`];
  });
}

function routeNotes({ route, planned, outcomes }: RouteResult): readonly string[] {
  const subject = `${route.kind} ${pathOf(nameOf(route))}`;
  const whole = [planned.refused, planned.partly, planned.unresolved].flatMap((one) => one ?? []);
  return [
    ...outcomes.flatMap(({ ref, refused }) =>
      refused === undefined
        ? []
        : [`${subject} is not served by ${ref.kind ?? "Gateway"} ${ref.name}: ${refused.message}`]
    ),
    ...whole.map(({ message }) => `${subject}: ${message}`),
    ...planned.warnings,
  ];
}
