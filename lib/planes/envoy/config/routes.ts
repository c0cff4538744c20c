import type { Forward, Rule, Share } from "../../../proxy/types.ts";
import { CORS_FILTER, corsPolicy } from "./cors.ts";
import { millionths, routeAction, routeRequestEdit } from "./forward.ts";
import { headerFields } from "./header_edit.ts";
import { SESSION_FILTER, sessionPolicy } from "./persistence.ts";
import { redirectAction } from "./redirect.ts";
import { preflightMatch, routeMatch } from "./route_match.ts";
import type { JsonObject } from "./types.ts";
import { backendOf, liveShares } from "./usage.ts";

/** What a rule is part of. */
export interface RuleContext {
  /** Backends that are chosen by the client's address. */
  readonly hashed: ReadonlySet<string>;
  /** The only host that the rule is for, where there is just one. */
  readonly host?: string;
}

/** An action's field of a route, and what must hold besides the rule's match. */
interface Branch {
  readonly when?: JsonObject;
  readonly act: JsonObject;
}

/**
 * The Envoy routes of one rule, to be tried in order. Mostly one; one for each share where a share
 * rewrites the path, and one more for the preflights of a rule that asks for a method.
 */
export function ruleRoutes(rule: Rule, context: RuleContext): readonly JsonObject[] {
  const matches = [routeMatch(rule.match)];
  const preflight = rule.cors === undefined ? undefined : preflightMatch(rule.match);
  if (preflight !== undefined) matches.push(preflight);
  const branches = branchesOf(rule, context);
  return matches.flatMap((match) =>
    branches.map(({ when, act }) => ({
      name: rule.name,
      match: { ...match, ...when },
      ...act,
      ...headerFields("response", rule.responseHeaders),
      ...filterSettings(rule),
    }))
  );
}

function branchesOf(rule: Rule, context: RuleContext): readonly Branch[] {
  const { action, match } = rule;
  if (action.kind === "respond") return [respond(action.status)];
  if (action.kind === "redirect") {
    return [{ act: { redirect: redirectAction(action, { ...context, match }) } }];
  }
  const shares = liveShares(action.split);
  if (!shares.some((share) => backendOf(share) !== undefined)) return [respond(500)];
  const forward = (part: readonly Share[]): JsonObject => ({
    route: routeAction(action, part, { match, hashed: context.hashed }),
    ...headerFields("request", routeRequestEdit(action, part)),
  });
  return needsOwnRoutes(shares) ? ownRoutes(shares, forward) : [{ act: forward(shares) }];
}

function respond(status: number): Branch {
  return { act: { direct_response: { status } } };
}

/** Envoy's splits can rewrite the host of a share, but not its path. */
function needsOwnRoutes(shares: readonly Share[]): boolean {
  return shares.length > 1 && shares.some(({ rewrite }) => rewrite?.path !== undefined);
}

/**
 * One route for each share. Envoy draws one number for a request and compares it with each route's
 * fraction, so the fractions add up: the first takes its part, the second up to both parts, the
 * last the rest.
 */
function ownRoutes(
  shares: readonly Share[],
  forward: (part: readonly Share[]) => JsonObject,
): readonly Branch[] {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  return shares.map((share, position) => {
    upTo += share.weight;
    const act = forward([share]);
    if (position === shares.length - 1) return { act };
    return { act, when: { runtime_fraction: { default_value: millionths(upTo, total) } } };
  });
}

function filterSettings(rule: Rule): JsonObject {
  const persistence = persistenceOf(rule.action);
  const settings = {
    ...(rule.cors === undefined ? {} : { [CORS_FILTER]: corsPolicy(rule.cors) }),
    ...(persistence === undefined ? {} : { [SESSION_FILTER]: sessionPolicy(persistence) }),
  };
  return Object.keys(settings).length > 0 ? { typed_per_filter_config: settings } : {};
}

function persistenceOf(action: Rule["action"]): Forward["persistence"] {
  return action.kind === "forward" ? action.persistence : undefined;
}
