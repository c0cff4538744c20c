import type { RoutesServed } from "../planes/types.ts";
import { gatewayStatus } from "./gateway_status.ts";
import { listenerSetStatus } from "./listener_set_status.ts";
import { nameOf } from "./names.ts";
import { notes } from "./notes.ts";
import type { PlanFacts, ProxyAnswer } from "./plan_facts.ts";
import type { GatewayStatuses } from "./plan_types.ts";
import { policyAncestor } from "./policy_status.ts";
import { routeParents } from "./route_status.ts";

/** What the proxy answered, or why it could not. */
export type PlaneResult = { readonly served: RoutesServed } | { readonly failure: string };

/** Everything that is told about a Gateway and what belongs to it. */
export function statusesOf(facts: PlanFacts, result: PlaneResult): GatewayStatuses {
  const answer = answerOf(facts, result);
  const { sets, input } = facts;
  return {
    gateway: gatewayStatus(facts, answer),
    listenerSets: [...sets.allowed, ...sets.refused].map((set) => ({
      ...nameOf(set),
      status: listenerSetStatus(set, facts, answer),
    })),
    routes: facts.routes.map((one) => ({
      ...nameOf(one.route),
      kind: one.route.kind,
      parents: routeParents(one, input),
    })),
    policies: facts.policies.map((one) => ({
      ...nameOf(one.planned.policy),
      ancestor: policyAncestor(one, input),
    })),
    notes: notes(facts, answer),
  };
}

function answerOf({ input, refused }: PlanFacts, result: PlaneResult): ProxyAnswer {
  const none = { addresses: [], failure: undefined, refused: new Map() };
  if (refused !== undefined) return none;
  if ("failure" in result) {
    // what answered before may still do: the status keeps it until the next answer
    const old = (input.gateway.status?.addresses ?? []).map(({ value }) => value);
    const kept = input.addresses.filter((address) => old.includes(address));
    return { ...none, addresses: kept, failure: result.failure };
  }
  const { served } = result;
  const answering = new Set(served.addresses.map(({ address }) => address));
  return {
    addresses: input.addresses.filter((address) => answering.has(address)),
    failure: undefined,
    refused: new Map(served.refused.map(({ port, message }) => [port, message])),
  };
}
