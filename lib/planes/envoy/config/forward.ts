import type { Forward, HeaderEdit, Match, Mirror, Share } from "../../../proxy/types.ts";
import { headerFields, hostOf, mergedEdits } from "./header_edit.ts";
import { MISSING_CLUSTER } from "./names.ts";
import { rewriteFields } from "./path_edit.ts";
import { tryFields } from "./retry.ts";
import type { JsonObject } from "./types.ts";
import { backendOf } from "./usage.ts";

const MILLION = 1_000_000;

/** What a forward is part of. */
export interface ForwardContext {
  readonly match: Match;
  /** Backends that are chosen by the client's address. */
  readonly hashed: ReadonlySet<string>;
}

/** Envoy's `route` action for these shares of a forward. None of them has a weight of 0. */
export function routeAction(
  forward: Forward,
  shares: readonly Share[],
  context: ForwardContext,
): JsonObject {
  const mirrors = forward.mirrors.filter(({ numerator }) => numerator > 0).map(mirrorPolicy);
  return {
    ...clusterFields(shares, forward),
    cluster_not_found_response_code: "INTERNAL_SERVER_ERROR",
    ...hashFields(shares, context),
    ...rewriteFields(pathOf(forward, shares), context.match.path),
    ...hostFields(forward),
    ...tryFields(forward),
    ...(mirrors.length > 0 ? { request_mirror_policies: mirrors } : {}),
  };
}

/** A part of a million, for Envoy knows no other fine fractions. */
export function millionths(numerator: number, denominator: number): JsonObject {
  const part = Math.min(MILLION, Math.round((numerator / denominator) * MILLION));
  return { numerator: part, denominator: "MILLION" };
}

function clusterFields(shares: readonly Share[], forward: Forward): JsonObject {
  const [only, ...others] = shares;
  if (only !== undefined && others.length === 0 && isPlain(only)) {
    return { cluster: backendOf(only) ?? MISSING_CLUSTER };
  }
  return {
    weighted_clusters: {
      clusters: shares.map((share) => weightedCluster(share, requestEditOf(forward, shares))),
    },
  };
}

function isPlain(share: Share): boolean {
  return share.requestHeaders === undefined && share.responseHeaders === undefined &&
    share.rewrite?.hostname === undefined;
}

/** The edit of a forward where no share has its own; otherwise it is part of each share's. */
export function routeRequestEdit(forward: Forward, shares: readonly Share[]) {
  return editsItself(shares) ? undefined : forward.requestHeaders;
}

/** Envoy edits for the share first, which would let the rule have the last word. */
function requestEditOf(forward: Forward, shares: readonly Share[]): HeaderEdit | undefined {
  return editsItself(shares) ? forward.requestHeaders : undefined;
}

function editsItself(shares: readonly Share[]): boolean {
  return shares.some(({ requestHeaders }) => requestHeaders !== undefined);
}

function weightedCluster(share: Share, before: HeaderEdit | undefined): JsonObject {
  const host = share.rewrite?.hostname ?? hostOf(share.requestHeaders);
  return {
    name: backendOf(share) ?? MISSING_CLUSTER,
    weight: share.weight,
    ...headerFields("request", mergedEdits(before, share.requestHeaders)),
    ...headerFields("response", share.responseHeaders),
    ...(host === undefined ? {} : { host_rewrite_literal: host }),
  };
}

/** A share's own path rewrite stands alone in its route: see `ruleRoutes`. */
function pathOf(forward: Forward, shares: readonly Share[]) {
  return shares[0]?.rewrite?.path ?? forward.rewrite?.path;
}

function hostFields(forward: Forward): JsonObject {
  const host = forward.rewrite?.hostname ?? hostOf(forward.requestHeaders);
  return host === undefined ? {} : { host_rewrite_literal: host };
}

function hashFields(shares: readonly Share[], { hashed }: ForwardContext): JsonObject {
  return shares.some((share) => hashed.has(backendOf(share) ?? ""))
    ? { hash_policy: [{ connection_properties: { source_ip: true } }] }
    : {};
}

function mirrorPolicy({ backend, numerator, denominator }: Mirror): JsonObject {
  return {
    cluster: backend,
    disable_shadow_host_suffix_append: true,
    ...(numerator >= denominator
      ? {}
      : { runtime_fraction: { default_value: millionths(numerator, denominator) } }),
  };
}
