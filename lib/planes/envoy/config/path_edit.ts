import type { PathEdit, PathMatch } from "../../../proxy/types.ts";
import { escapeRegex } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Fields of a route's action that rewrite the path; the query stays. */
export function rewriteFields(edit: PathEdit | undefined, match: PathMatch): JsonObject {
  if (edit === undefined) return {};
  if (isWhole(edit, match)) return { regex_rewrite: substitute("^/.*$", edit.value || "/") };
  return prefixFields(edit, match);
}

/** Fields of a redirect that change the path. */
export function redirectPathFields(edit: PathEdit | undefined, match: PathMatch): JsonObject {
  if (edit === undefined) return {};
  if (isWhole(edit, match)) return { path_redirect: edit.value || "/" };
  return prefixFields(edit, match);
}

/** An exact match has nothing behind the prefix, so its prefix is the whole path. */
function isWhole(edit: PathEdit, match: PathMatch): boolean {
  return edit.kind === "full" || match.kind !== "prefix";
}

/**
 * Trailing slashes count neither in the match nor in the replacement. Envoy puts the rest of the
 * path behind the replacement as it is, which would begin with two slashes where the replacement
 * is `/`, and with none where the match is.
 */
function prefixFields(edit: PathEdit, match: PathMatch): JsonObject {
  const from = match.value.replace(/\/+$/, "");
  const to = edit.value.replace(/\/+$/, "");
  if (from === "") return { regex_rewrite: substitute("^/", `${to}/`) };
  if (to === "") return { regex_rewrite: substitute(`^${escapeRegex(from)}/*`, "/") };
  return { prefix_rewrite: to };
}

function substitute(regex: string, substitution: string): JsonObject {
  return { pattern: { regex }, substitution: substitution.replaceAll("\\", "\\\\") };
}
