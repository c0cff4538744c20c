import { type Finding, no, stamp, yes } from "./conditions.ts";
import { listenerStatuses, notProgrammed } from "./listener_status.ts";
import { isAccepted } from "./listener_types.ts";
import { hasInsecureValidation } from "./listener_tls.ts";
import { setRefusal } from "./listener_set_status.ts";
import { nameOf, pathOf } from "./names.ts";
import type { PlanFacts, ProxyAnswer } from "./plan_facts.ts";
import { type Problem, problem } from "./problem.ts";
import type { GatewayStatus } from "./types.ts";

/** The status of the Gateway itself. */
export function gatewayStatus(facts: PlanFacts, answer: ProxyAnswer): GatewayStatus {
  const { gateway, now } = facts.input;
  const sets = facts.sets.allowed.filter((set) => setRefusal(set, facts) === undefined);
  return {
    addresses: answer.addresses.map((value) => ({ type: "IPAddress", value })),
    conditions: stamp(findings(facts, answer), {
      before: gateway.status?.conditions,
      generation: gateway.metadata.generation,
      now,
      drop: ["InsecureFrontendValidationMode"],
    }),
    listeners: listenerStatuses(`Gateway/${pathOf(nameOf(gateway))}`, facts, answer),
    attachedListenerSets: sets.length,
  };
}

/** Why the Gateway serves nothing, or not where it was asked to; undefined when it does. */
export function gatewayNotProgrammed(facts: PlanFacts, answer: ProxyAnswer): Problem | undefined {
  if (facts.refused !== undefined) return problem("Invalid", facts.refused.message);
  const [unusable] = facts.unusable;
  if (unusable !== undefined) return problem("AddressNotUsable", facts.unusable.join("; "));
  if (facts.input.addresses.length === 0) {
    return problem("AddressNotAssigned", answer.failure ?? "no address is assigned yet");
  }
  if (answer.failure !== undefined) return problem("Pending", answer.failure);
  const idle = facts.listeners.map((one) => notProgrammed(one, facts, answer));
  if (idle.length > 0 && idle.some((one) => one === undefined)) return undefined;
  const [first] = idle;
  return problem("Invalid", first?.message ?? "there is no listener: add one to spec.listeners");
}

function findings(facts: PlanFacts, answer: ProxyAnswer): readonly Finding[] {
  const idle = gatewayNotProgrammed(facts, answer);
  return [
    accepted(facts),
    idle === undefined
      ? yes("Programmed", "Programmed")
      : no("Programmed", idle.reason, idle.message),
    resolved(facts),
    ...(hasInsecureValidation(facts.input.gateway) ? [INSECURE] : []),
  ];
}

const INSECURE = yes(
  "InsecureFrontendValidationMode",
  "ConfigurationChanged",
  "client certificates are asked for but not required (mode AllowInsecureFallback)",
);

function accepted({ refused, listeners }: PlanFacts): Finding {
  if (refused !== undefined) return no("Accepted", refused.reason, refused.message);
  const invalid = listeners.filter((one) => one.owner.kind === "Gateway" && !isAccepted(one));
  if (invalid.length === 0) return yes("Accepted", "Accepted");
  const sentences = invalid.map(({ spec, conflict, refused: why }) =>
    `listener "${spec.name}" is not accepted: ${(conflict ?? why)?.message ?? ""}`
  );
  return yes("Accepted", "ListenersNotValid", sentences.join("; "));
}

function resolved({ unresolved, listeners }: PlanFacts): Finding {
  if (unresolved !== undefined) return no("ResolvedRefs", unresolved.reason, unresolved.message);
  const open = listeners.filter((one) =>
    one.owner.kind === "Gateway" && one.unresolved !== undefined
  );
  if (open.length === 0) return yes("ResolvedRefs", "ResolvedRefs");
  const names = open.map(({ spec }) => `"${spec.name}"`).join(", ");
  return no("ResolvedRefs", "ListenersNotResolved", `see the status of the listeners ${names}`);
}
