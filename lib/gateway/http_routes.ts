import type { ResolveBackend, ResolvedBackend } from "./backends.ts";
import { grpcMatch, httpMatch, type PlannedMatch } from "./http_matches.ts";
import { nameOf, pathOf } from "./names.ts";
import { MAX_REGEX_SIZE, regexSize } from "../proxy/mod.ts";
import { joined, type Problem, problem } from "./problem.ts";
import { type PlannedRule, planRule } from "./route_rules.ts";
import type { GRPCRoute, HTTPRoute, HTTPRouteRule } from "./types.ts";

/** An HTTPRoute or GRPCRoute with its kind. */
export type WebRoute =
  | (HTTPRoute & { readonly kind: "HTTPRoute" })
  | (GRPCRoute & { readonly kind: "GRPCRoute" });

/** What a route comes to, whatever it is attached to. */
export interface RouteFacts {
  /** Why nothing of it is served. */
  readonly refused: Problem | undefined;
  /** Rules that are not served as written. */
  readonly partly: Problem | undefined;
  /** References that do not hold. */
  readonly unresolved: Problem | undefined;
  readonly warnings: readonly string[];
}

/** A route with the rules that it brings to each of its listeners. */
export interface PlannedWebRoute extends RouteFacts {
  readonly route: WebRoute;
  readonly rules: readonly PlannedRule[];
  readonly backends: readonly ResolvedBackend[];
}

/** Plans the rules of an HTTPRoute or a GRPCRoute. */
export function planWebRoute(route: WebRoute, resolve: ResolveBackend): PlannedWebRoute {
  const path = nameOf(route);
  const rules = rulesOf(route).map(({ rule, matches }, at) =>
    planRule({
      ...rule,
      kind: route.kind,
      namespace: path.namespace,
      label: `${route.kind} ${pathOf(path)} rule ${at}`,
      title: rule.name === undefined ? `rule ${at}` : `rule ${at} ("${rule.name}")`,
      matches,
    }, resolve)
  );
  const heavy = weightProblem(rules);
  if (heavy !== undefined) return { ...NOTHING, route, refused: heavy };
  const dropped = rules.flatMap((rule) => rule.dropped);
  const whole = rules.every((rule) => rule.dropped.length > 0);
  const served = rules.length > 0 && whole ? [] : rules;
  return {
    route,
    rules: served,
    backends: served.flatMap((rule) => rule.backends),
    ...verdict(dropped, rules.length > 0 && whole),
    unresolved: joined(rules.flatMap((rule) => rule.unresolved)),
    warnings: rules.flatMap((rule) => rule.warnings),
  };
}

const NOTHING = { rules: [], backends: [], partly: undefined, unresolved: undefined, warnings: [] };

/** Instructions of all expressions of a route: some 4 MB of a proxy that other routes need, too. */
const MAX_REGEXES = 500_000;

function weightProblem(rules: readonly PlannedRule[]): Problem | undefined {
  const patterns = rules.flatMap(({ matches }) => matches).flatMap(({ match }) =>
    [match.path, ...match.headers, ...match.query].filter(({ kind }) => kind === "regex")
  );
  // most routes have few, which need not be read again
  if (patterns.length * MAX_REGEX_SIZE <= MAX_REGEXES) return undefined;
  const size = patterns.reduce((sum, { value }) => sum + regexSize(value), 0);
  if (size <= MAX_REGEXES) return undefined;
  const message = `the regular expressions of all rules are too large together: repeat less, ` +
    `or write fewer`;
  return problem("UnsupportedValue", message);
}

function verdict(
  dropped: readonly Problem[],
  whole: boolean,
): Pick<RouteFacts, "refused" | "partly"> {
  const all = joined(dropped);
  if (all === undefined || whole) return { refused: all, partly: undefined };
  // the API wants one of two beginnings of this message (RouteConditionPartiallyInvalid)
  const message = `Dropped Rule: ${all.message}`;
  return { refused: undefined, partly: problem("UnsupportedValue", message) };
}

interface RawRule {
  readonly rule: Omit<HTTPRouteRule, "matches">;
  readonly matches: readonly PlannedMatch[];
}

function rulesOf(route: WebRoute): readonly RawRule[] {
  if (route.kind === "HTTPRoute") {
    return (route.spec.rules ?? []).map((rule) => ({
      rule,
      matches: orAll(rule.matches).map(httpMatch),
    }));
  }
  return (route.spec.rules ?? []).map((rule) => ({
    rule,
    matches: orAll(rule.matches).map(grpcMatch),
  }));
}

/** No matches match everything. */
function orAll<T extends object>(matches: readonly T[] | undefined): readonly (T | EmptyMatch)[] {
  return matches === undefined || matches.length === 0 ? [{}] : matches;
}

type EmptyMatch = Record<never, never>;
