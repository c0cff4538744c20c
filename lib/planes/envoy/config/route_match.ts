import type { Match, PathMatch, ValueMatch } from "../../../proxy/types.ts";
import { escapeRegex, exactly, matching } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Envoy's form of a match. */
export function routeMatch(match: Match): JsonObject {
  const headers = [
    ...(match.method === undefined ? [] : [headerIs(":method", exactly(match.method))]),
    ...(match.oneLabelOf === undefined ? [] : [headerIs(":authority", oneLabel(match.oneLabelOf))]),
    ...match.headers.map((header) => headerIs(header.name, valueOf(header))),
  ];
  const query = match.query.map((part) => ({ name: part.name, string_match: valueOf(part) }));
  return {
    ...pathFields(match.path),
    ...(headers.length > 0 ? { headers } : {}),
    ...(query.length > 0 ? { query_parameters: query } : {}),
  };
}

/** The match of the CORS preflights of requests with the method of `match`, if it has one. */
export function preflightMatch(match: Match): JsonObject | undefined {
  if (match.method === undefined) return undefined;
  const asked: ValueMatch = {
    name: "access-control-request-method",
    kind: "exact",
    value: match.method,
  };
  return routeMatch({
    path: match.path,
    method: "OPTIONS",
    // a preflight carries none of the request's own headers
    headers: [asked],
    query: match.query,
    ...(match.oneLabelOf === undefined ? {} : { oneLabelOf: match.oneLabelOf }),
  });
}

function pathFields({ kind, value }: PathMatch): JsonObject {
  if (kind === "exact") return { path: value };
  if (kind === "regex") return matching(value);
  const prefix = value.replace(/\/+$/, "");
  return prefix === "" ? { prefix: "/" } : { path_separated_prefix: prefix };
}

function headerIs(name: string, value: JsonObject): JsonObject {
  return { name, string_match: value };
}

function valueOf({ kind, value }: ValueMatch): JsonObject {
  return kind === "exact" ? exactly(value) : matching(value);
}

/** One label in front of the rest of a wildcard host, and perhaps a port behind it. */
function oneLabel(host: string): JsonObject {
  const rest = escapeRegex(host.replace(/^\*?\./, ""));
  return matching(`(?i)[^.:]+\\.${rest}(?::[0-9]+)?`);
}
