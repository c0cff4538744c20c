import type { Attachment, ParentOutcome } from "./attachments.ts";
import { isServable } from "./listener_types.ts";
import { nameOf, pathOf } from "./names.ts";
import type { RouteResult } from "./plan_facts.ts";
import { type Problem, problem } from "./problem.ts";
import { isWeb, type ListenerRoute } from "./route_spec.ts";
import { oldest } from "./stream_routes.ts";

/**
 * Notes of each reference that is accepted and brings no traffic nevertheless: none of its
 * listeners is served, or each serves an older route. The API has no condition for that.
 */
export function withIdle(
  result: RouteResult,
  byListener: ReadonlyMap<string, readonly ListenerRoute[]>,
): RouteResult {
  if (result.planned.refused !== undefined) return result;
  const outcomes = result.outcomes.map((outcome): ParentOutcome => {
    const why = outcome.attached.map((one) => whyIdle(result, one, byListener));
    const [first] = why;
    if (first === undefined || why.includes(undefined)) return outcome;
    return { ...outcome, idle: first };
  });
  return { ...result, outcomes };
}

function whyIdle(
  { route }: RouteResult,
  { listener }: Attachment,
  byListener: ReadonlyMap<string, readonly ListenerRoute[]>,
): Problem | undefined {
  const name = `listener "${listener.spec.name}"`;
  if (!isServable(listener)) {
    const { conflict, refused, unresolved } = listener;
    const why = conflict ?? refused ?? unresolved;
    const message = why?.message ?? "nothing can be served";
    return problem(why?.reason ?? "ListenerNotServed", `${name}: ${message}`);
  }
  if (listener.class !== "tcp" && listener.class !== "udp") return undefined;
  const streams = (byListener.get(listener.key) ?? []).flatMap(({ planned, hosts }) =>
    isWeb(planned) ? [] : [{ planned, hosts }]
  );
  const first = oldest(streams)?.route;
  if (first === undefined || first === route) return undefined;
  const message = `${name} serves the oldest of its routes alone, which is ${first.kind} ` +
    `${pathOf(nameOf(first))}: give this one a listener of its own`;
  return problem("OlderRouteServed", message);
}
