import { stableJson } from "../core/mod.ts";
import { servingCondition } from "../services/mod.ts";
import type { ParentOutcome } from "./attachments.ts";
import { type Finding, no, stamp, yes } from "./conditions.ts";
import type { RouteResult } from "./plan_facts.ts";
import type { GatewayInput } from "./plan_types.ts";
import type { RouteParentStatus } from "./types.ts";

/** The entries of a route's `status.parents` that are for this Gateway, one for each reference. */
export function routeParents(
  result: RouteResult,
  { controllerName, now }: Pick<GatewayInput, "controllerName" | "now">,
): readonly RouteParentStatus[] {
  const { route, outcomes } = result;
  const before = new Map(
    (route.status?.parents ?? [])
      .filter((one) => one.controllerName === controllerName)
      .map((one) => [stableJson(one.parentRef), one.conditions]),
  );
  return outcomes.map((outcome) => ({
    parentRef: outcome.ref,
    controllerName,
    conditions: stamp(findings(result, outcome), {
      before: before.get(stableJson(outcome.ref)),
      generation: route.metadata.generation,
      now,
      drop: ["PartiallyInvalid", servingCondition],
    }),
  }));
}

function findings({ planned }: RouteResult, outcome: ParentOutcome): readonly Finding[] {
  const refused = outcome.refused ?? planned.refused;
  const { partly, unresolved } = planned;
  return [
    refused === undefined
      ? yes("Accepted", "Accepted")
      : no("Accepted", refused.reason, refused.message),
    unresolved === undefined
      ? yes("ResolvedRefs", "ResolvedRefs")
      : no("ResolvedRefs", unresolved.reason, unresolved.message),
    ...(partly === undefined ? [] : [yes("PartiallyInvalid", partly.reason, partly.message)]),
    ...(outcome.idle === undefined
      ? []
      : [no(servingCondition, outcome.idle.reason, outcome.idle.message)]),
  ];
}
