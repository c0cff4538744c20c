import type { PlanFacts, ProxyAnswer, RouteResult } from "./plan_facts.ts";
import { gatewayNotProgrammed } from "./gateway_status.ts";
import { notProgrammed } from "./listener_status.ts";
import { setRefusal } from "./listener_set_status.ts";
import { nameOf, pathOf } from "./names.ts";

/** For people: what is not served and why, one sentence each, the Gateway's own first. */
export function notes(facts: PlanFacts, answer: ProxyAnswer): readonly string[] {
  const { gateway } = facts.input;
  const own = gatewayNotProgrammed(facts, answer) ?? facts.unresolved;
  const idle = idleListeners(facts, answer);
  // one cause, one note: on the listener that has it, or on the Gateway when all suffer from it
  const echo = idle.some(({ message, isOwn }) =>
    isOwn &&
    (message === own?.message || facts.refused?.reason === "ListenersNotValid")
  );
  const listeners = idle.filter(({ message, isOwn }) => isOwn || message !== own?.message);
  return [
    ...new Set([
      ...(own === undefined || echo ? [] : [`Gateway ${pathOf(nameOf(gateway))}: ${own.message}`]),
      ...listeners.map(({ subject, message }) => `${subject}: ${message}`),
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

interface Idle {
  readonly subject: string;
  readonly message: string;
  /** The cause is the listener's, not its Gateway's or the proxy's. */
  readonly isOwn: boolean;
}

function idleListeners(facts: PlanFacts, answer: ProxyAnswer): readonly Idle[] {
  return facts.listeners.flatMap((listener) => {
    const { owner, spec, conflict, refused, unresolved } = listener;
    const why = notProgrammed(listener, facts, answer) ?? unresolved;
    if (why === undefined) return [];
    const { message } = why;
    const own = [conflict, refused, unresolved].map((one) => one?.message);
    const isOwn = own.includes(message) || answer.refused.has(spec.port);
    return [{ subject: `listener "${spec.name}" of ${owner.kind} ${owner.path}`, message, isOwn }];
  });
}

function routeNotes({ route, planned, outcomes }: RouteResult): readonly string[] {
  const subject = `${route.kind} ${pathOf(nameOf(route))}`;
  const whole = [planned.refused, planned.partly, planned.unresolved].flatMap((one) => one ?? []);
  return [
    ...outcomes.flatMap(({ ref, refused, idle }) => {
      const why = refused ?? idle;
      return why === undefined
        ? []
        : [`${subject} is not served by ${ref.kind ?? "Gateway"} ${ref.name}: ${why.message}`];
    }),
    ...whole.map(({ message }) => `${subject}: ${message}`),
    ...planned.warnings,
  ];
}
