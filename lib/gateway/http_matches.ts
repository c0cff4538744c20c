import {
  headerNameProblem,
  headerValueProblem,
  matchedPathProblem,
  methodProblem,
  regexProblem,
} from "../proxy/mod.ts";
import type { Match, PathMatch, ValueMatch } from "../proxy/types.ts";
import type { Precedence } from "./precedence.ts";
import type { GRPCRouteRule, HTTPRouteMatch, RouteValueMatch } from "./types.ts";

/** One match of a rule, or what is wrong with it. */
export type PlannedMatch =
  | { readonly match: Match; readonly precedence: Precedence }
  | { readonly problem: string };

/** Reads one match of an HTTPRoute. */
export function httpMatch(match: HTTPRouteMatch): PlannedMatch {
  const path = httpPath(match.path ?? {});
  if (typeof path === "string") return { problem: path };
  const { method } = match;
  const wrong = method === undefined ? undefined : methodProblem(method);
  if (wrong !== undefined) return { problem: wrong };
  return complete({ match, path, ...(method !== undefined && { method }) });
}

/** Reads one match of a GRPCRoute, as the HTTP request that a call is. */
export function grpcMatch(match: NonNullable<GRPCRouteRule["matches"]>[number]): PlannedMatch {
  const path = grpcPath(match.method ?? {});
  if (typeof path === "string") return { problem: path };
  return complete({ match, path });
}

interface RankedPath {
  readonly path: PathMatch;
  readonly rank: Pick<Precedence, "kind" | "length" | "method">;
}

interface Parts {
  readonly match: {
    readonly headers?: readonly RouteValueMatch[];
    readonly queryParams?: readonly RouteValueMatch[];
  };
  readonly path: RankedPath;
  readonly method?: string;
}

function complete({ match, path, method }: Parts): PlannedMatch {
  // of equal header names, in any case, and of equal parameter names the first alone counts
  const headers = firsts(match.headers ?? [], (name) => name.toLowerCase());
  const query = firsts(match.queryParams ?? [], (name) => name);
  const wrong = [
    ...headers.map(({ name }) => headerNameProblem(name)),
    ...query.map(({ name }) => name === "" ? "a query parameter has no name: add one" : undefined),
    ...[...headers, ...query].map(valueProblem),
  ].flatMap((one) => one ?? []);
  if (wrong.length > 0) return { problem: wrong.join("; ") };
  return {
    match: {
      path: path.path,
      ...(method !== undefined && { method }),
      headers: headers.map(valueMatch),
      query: query.map(valueMatch),
    },
    precedence: {
      ...path.rank,
      hasMethod: method !== undefined,
      headers: headers.length,
      query: query.length,
    },
  };
}

function httpPath({ type = "PathPrefix", value = "/" }: NonNullable<HTTPRouteMatch["path"]>):
  | RankedPath
  | string {
  switch (type) {
    case "Exact":
      return matchedPathProblem(value) ?? ranked({ kind: "exact", value }, 0);
    case "RegularExpression":
      return patternProblem(value) ?? ranked({ kind: "regex", value }, 1);
    case "PathPrefix": {
      const prefix = value.replace(/\/+$/, ""); // the last slash does not count
      return matchedPathProblem(value) ??
        ranked({ kind: "prefix", value: prefix === "" ? "/" : prefix }, 2, prefix.length);
    }
    default:
      return `path.type "${type}" is not served: use Exact, PathPrefix or RegularExpression`;
  }
}

function ranked(path: PathMatch, kind: Precedence["kind"], length = path.value.length): RankedPath {
  return { path, rank: { kind, length, method: 0 } };
}

type GrpcMethod = NonNullable<NonNullable<GRPCRouteRule["matches"]>[number]["method"]>;

const anyPart = "[^/]+";

function grpcPath({ type = "Exact", service = "", method = "" }: GrpcMethod): RankedPath | string {
  const rank = { length: service.length, method: method.length };
  if (service === "" && method === "") {
    return { path: { kind: "prefix", value: "/" }, rank: { kind: 2, ...rank } };
  }
  if (type === "RegularExpression") {
    const value = `/(?:${service || anyPart})/(?:${method || anyPart})`;
    const wrong = regexProblem(service) ?? regexProblem(method);
    return wrong ?? { path: { kind: "regex", value }, rank: { kind: 1, ...rank } };
  }
  if (type !== "Exact") {
    return `method.type "${type}" is not served: use Exact or RegularExpression`;
  }
  const wrong = matchedPathProblem(`/${service}/${method}`);
  if (wrong !== undefined) return wrong;
  if (service === "") {
    const value = `/${anyPart}/${literal(method)}`;
    return { path: { kind: "regex", value }, rank: { kind: 2, ...rank } };
  }
  return method === ""
    ? { path: { kind: "prefix", value: `/${service}` }, rank: { kind: 2, ...rank } }
    : { path: { kind: "exact", value: `/${service}/${method}` }, rank: { kind: 0, ...rank } };
}

function patternProblem(pattern: string): string | undefined {
  return pattern === "" ? "an empty pattern matches nothing: write one" : regexProblem(pattern);
}

/** A text as the pattern that matches it alone. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function firsts(
  list: readonly RouteValueMatch[],
  key: (name: string) => string,
): readonly RouteValueMatch[] {
  const seen = new Set<string>();
  return list.filter(({ name }) => {
    const isNew = !seen.has(key(name));
    seen.add(key(name));
    return isNew;
  });
}

function valueProblem({ name, type = "Exact", value }: RouteValueMatch): string | undefined {
  if (type === "Exact") return headerValueProblem(value);
  if (type === "RegularExpression") return patternProblem(value);
  return `type "${type}" of "${name}" is not served: use Exact or RegularExpression`;
}

function valueMatch({ name, type, value }: RouteValueMatch): ValueMatch {
  return { name, kind: type === "RegularExpression" ? "regex" : "exact", value };
}
