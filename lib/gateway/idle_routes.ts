import type { Attachment, ParentOutcome } from "./attachments.ts";
import { isServable } from "./listener_types.ts";
import { byAge, nameOf, pathOf } from "./names.ts";
import type { RouteResult } from "./plan_facts.ts";
import { type Problem, problem } from "./problem.ts";
import { isWeb, type ListenerRoute } from "./route_spec.ts";

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
  { route, planned }: RouteResult,
  { listener, hosts }: Attachment,
  byListener: ReadonlyMap<string, readonly ListenerRoute[]>,
): Problem | undefined {
  const name = `listener "${listener.spec.name}"`;
  if (!isServable(listener)) {
    const { conflict, refused, unresolved } = listener;
    const why = conflict ?? refused ?? unresolved;
    const message = why?.message ?? "nothing can be served";
    return problem(why?.reason ?? "ListenerNotServed", `${name}: ${message}`);
  }
  if (isWeb(planned)) return undefined;
  // bytes of one host all go where the oldest route says
  const older = (byListener.get(listener.key) ?? []).filter((one) =>
    byAge(one.planned.route, route) < 0
  );
  const owners = hosts.map((host) => older.find((one) => one.hosts.includes(host)));
  const first = owners[0]?.planned.route;
  if (first === undefined || owners.includes(undefined)) return undefined;
  const own = route.kind === "TLSRoute" ? "hostnames or a listener" : "a listener";
  const message = `${name} serves ${first.kind} ${pathOf(nameOf(first))} in its place, which is ` +
    `older: give this one ${own} of its own`;
  return problem("OlderRouteServed", message);
}
