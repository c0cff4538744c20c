import type {
  Cors,
  Forward,
  HeaderEdit,
  Match,
  Persistence,
  Respond,
  Retry,
  Share,
} from "../proxy/types.ts";
import { hash32 } from "../core/mod.ts";
import type { Flavour, ResolveBackend, ResolvedBackend } from "./backends.ts";
import { durationMs } from "./durations.ts";
import { headerNameProblem } from "../proxy/mod.ts";
import { type Filters, type MirrorFilter, readFilters } from "./filters.ts";
import type { PlannedMatch } from "./http_matches.ts";
import type { Precedence } from "./precedence.ts";
import { type Problem, problem } from "./problem.ts";
import type { BackendReference, HTTPRouteRule, RouteKind } from "./types.ts";

/** A rule of an HTTPRoute or a GRPCRoute, its matches read already. */
export interface RuleInput extends Omit<HTTPRouteRule, "matches"> {
  readonly kind: Extract<RouteKind, "HTTPRoute" | "GRPCRoute">;
  readonly namespace: string;
  /** For people: `HTTPRoute shop/cart rule 2`. */
  readonly label: string;
  /** For messages: `rule 2`, or `rule 2 ("search")`. */
  readonly title: string;
  readonly matches: readonly PlannedMatch[];
}

/** What a rule does; what a redirect leads to depends on the listener. */
export type RuleAction = Respond | Forward | {
  readonly kind: "redirect";
  readonly filter: NonNullable<Filters["redirect"]>;
};

/** One rule, ready for every listener that its route is attached to. */
export interface PlannedRule {
  readonly label: string;
  readonly matches: readonly { readonly match: Match; readonly precedence: Precedence }[];
  readonly action: RuleAction;
  readonly responseHeaders?: HeaderEdit;
  readonly cors?: Cors;
  readonly backends: readonly ResolvedBackend[];
  /** References that do not hold. */
  readonly unresolved: readonly Problem[];
  /** Why it, or a match of it, is not served as written. */
  readonly dropped: readonly Problem[];
  /** What is not done though the rule is served. */
  readonly warnings: readonly string[];
}

/** Plans a rule: one with a part that cannot be done answers 500 rather than do less. */
export function planRule(rule: RuleInput, resolve: ResolveBackend): PlannedRule {
  const good = rule.matches.flatMap((one) => "match" in one ? [one] : []);
  const prefixOnly = good.every(({ match }) => match.path.kind === "prefix");
  const filters = readFilters(rule.filters, { place: "rule", prefixOnly });
  const limits = readLimits(rule);
  const targets = readTargets(rule, { resolve, filters, prefixOnly });
  const dropped = [
    ...rule.matches.flatMap((one) => "problem" in one ? [unsupported(one.problem)] : []),
    ...filters.problems,
    ...limits.problems,
    ...targets.problems,
  ];
  const broken = filters.problems.length + limits.problems.length + targets.problems.length > 0;
  return {
    label: rule.label,
    matches: good,
    action: broken ? FAIL : actionOf({ rule, filters, limits, targets }),
    ...(filters.responseHeaders && { responseHeaders: filters.responseHeaders }),
    ...(filters.cors && { cors: filters.cors }),
    backends: broken ? [] : targets.backends,
    unresolved: targets.unresolved,
    dropped: dropped.map((one) => problem(one.reason, `${rule.title}: ${one.message}`)),
    warnings: limits.warnings.map((warning) => `${rule.label}: ${warning}`),
  };
}

const FAIL: Respond = { kind: "respond", status: 500 };

interface RuleParts {
  readonly rule: RuleInput;
  readonly filters: Filters;
  readonly limits: Limits;
  readonly targets: Targets;
}

function actionOf({ rule, filters, limits, targets }: RuleParts): RuleAction {
  if (filters.redirect !== undefined) return { kind: "redirect", filter: filters.redirect };
  if ((rule.backendRefs ?? []).length === 0) return FAIL;
  const { requestHeaders, rewrite } = filters;
  return {
    kind: "forward",
    split: targets.split,
    ...(requestHeaders && { requestHeaders }),
    ...(rewrite && { rewrite }),
    mirrors: targets.mirrors,
    ...limits.forward,
  };
}

function unsupported(message: string): Problem {
  return problem("UnsupportedValue", message);
}

interface Targets {
  readonly split: readonly Share[];
  readonly mirrors: Forward["mirrors"];
  readonly backends: readonly ResolvedBackend[];
  readonly unresolved: readonly Problem[];
  readonly problems: readonly Problem[];
}

interface TargetContext {
  readonly resolve: ResolveBackend;
  readonly filters: Filters;
  readonly prefixOnly: boolean;
}

function readTargets(rule: RuleInput, { resolve, filters, prefixOnly }: TargetContext): Targets {
  const flavour: Flavour = rule.kind === "GRPCRoute" ? "grpc" : "http";
  const find = (ref: BackendReference) =>
    resolve({ ref, kind: rule.kind, namespace: rule.namespace, flavour });
  const shares = (rule.backendRefs ?? []).map((ref) => {
    const own = readFilters(ref.filters, { place: "backend", prefixOnly });
    return { outcome: find(ref), own, weight: ref.weight ?? 1 };
  });
  const copies = filters.mirrors.map((mirror) => ({ mirror, outcome: find(mirror.ref) }));
  const outcomes = [...shares, ...copies].map(({ outcome }) => outcome);
  return {
    split: shares.map(({ outcome, own, weight }) => ({
      weight,
      to: outcome.resolved === undefined
        ? { status: 500 }
        : { backend: outcome.resolved.backend.name },
      ...(own.requestHeaders && { requestHeaders: own.requestHeaders }),
      ...(own.responseHeaders && { responseHeaders: own.responseHeaders }),
      ...(own.rewrite && { rewrite: { ...filters.rewrite, ...own.rewrite } }),
    })),
    mirrors: copies.flatMap(({ mirror, outcome }) => mirrorOf(mirror, outcome.resolved)),
    backends: outcomes.flatMap(({ resolved }) => resolved ?? []),
    unresolved: outcomes.flatMap((outcome) => outcome.problem ?? []),
    problems: shares.flatMap(({ own }) => own.problems),
  };
}

function mirrorOf(
  { numerator, denominator }: MirrorFilter,
  resolved: ResolvedBackend | undefined,
): Forward["mirrors"] {
  if (resolved === undefined) return []; // copies are lost, the requests themselves are not
  return [{ backend: resolved.backend.name, numerator, denominator }];
}

/** What the proxy takes. */
const MAX_ATTEMPTS = 1_000_000;

interface Limits {
  readonly forward: Pick<Forward, "timeoutMs" | "backendTimeoutMs" | "retry" | "persistence">;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

function readLimits({ timeouts, retry, sessionPersistence, label }: RuleInput): Limits {
  const session = sessionPersistence ?? {};
  const named: Readonly<Record<string, string | undefined>> = {
    "timeouts.request": timeouts?.request,
    "timeouts.backendRequest": timeouts?.backendRequest,
    "retry.backoff": retry?.backoff,
    "sessionPersistence.absoluteTimeout": session.absoluteTimeout,
  };
  const wrong = Object.entries(named).flatMap(([field, text]) =>
    text === undefined || durationMs(text) !== undefined
      ? []
      : [unsupported(`${field} "${text}" is no duration of up to a year: write it like 1m30s`)]
  );
  const bad = sessionPersistence?.sessionName === undefined
    ? undefined
    : headerNameProblem(sessionPersistence.sessionName);
  if (bad !== undefined) wrong.push(unsupported(`sessionPersistence.sessionName: ${bad}`));
  const { attempts = 1 } = retry ?? {};
  if (attempts > MAX_ATTEMPTS) {
    wrong.push(unsupported(`retry.attempts ${attempts} are too many: use up to ${MAX_ATTEMPTS}`));
  }
  const timeoutMs = milliseconds(timeouts?.request);
  const backendTimeoutMs = milliseconds(timeouts?.backendRequest);
  return {
    forward: {
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(backendTimeoutMs !== undefined && { backendTimeoutMs }),
      ...(retry && { retry: retryOf(retry) }),
      ...(sessionPersistence && { persistence: persistenceOf(sessionPersistence, label) }),
    },
    problems: wrong,
    warnings: session.idleTimeout === undefined
      ? []
      : ["sessionPersistence.idleTimeout is not enforced: use absoluteTimeout"],
  };
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationMs(text);
}

function retryOf(
  { attempts = 1, codes = [], backoff }: NonNullable<HTTPRouteRule["retry"]>,
): Retry {
  const backoffMs = milliseconds(backoff);
  return { attempts, codes, ...(backoffMs !== undefined && { backoffMs }) };
}

function persistenceOf(
  session: NonNullable<HTTPRouteRule["sessionPersistence"]>,
  label: string,
): Persistence {
  const { type = "Cookie", sessionName, absoluteTimeout, cookieConfig } = session;
  // sessions of two rules never share a name: each would undo the other's
  const name = sessionName ?? `berth-session-${hash32(label).toString(36)}`;
  if (type === "Header") return { kind: "header", name };
  const lasts = cookieConfig?.lifetimeType === "Permanent"
    ? milliseconds(absoluteTimeout)
    : undefined;
  return {
    kind: "cookie",
    name,
    path: "/",
    ...(lasts !== undefined && { ttlSeconds: Math.ceil(lasts / 1000) }),
  };
}
