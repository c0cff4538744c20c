import { domainProblem } from "../proxy/mod.ts";
import { hostOf } from "./hostnames.ts";
import { joined, problem } from "./problem.ts";
import type { PlannedRoute } from "./route_spec.ts";

/** Tells of hostnames that cannot be; without any other, nothing of the route is served. */
export function withHostnames(planned: PlannedRoute): PlannedRoute {
  const { hostnames = [] } = planned.route.spec;
  const wrong = hostnames.flatMap((name) => domainProblem(hostOf(name)) ?? []);
  if (wrong.length === 0) return planned;
  const message = `hostnames: ${wrong.join("; ")}`;
  if (wrong.length === hostnames.length) {
    const why = problem("UnsupportedValue", message);
    return { ...planned, refused: joined([...listed(planned.refused), why]) };
  }
  // the API wants this beginning (RouteConditionPartiallyInvalid)
  const part = problem("UnsupportedValue", `Dropped Rule: those for ${message}`);
  return { ...planned, partly: joined([...listed(planned.partly), part]) };
}

function listed<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}
