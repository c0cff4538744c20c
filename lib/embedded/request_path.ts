import type { ResourceRow } from "./types.ts";

/** What a resource path names. */
export interface ResourceTarget {
  readonly row: ResourceRow;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

const NAMESPACE_SUBRESOURCES = ["status", "finalize"];

/** Finds the row of a group, version and plural. */
export type FindRow = (group: string, version: string, plural: string) => ResourceRow | undefined;

/** The group and version at the head of a path, and what follows. */
function splitGroup(path: string): { group: string; version: string; rest: string[] } | undefined {
  const parts = path.split("/").filter((part) => part !== "").map(decodeURIComponent);
  const [root, second = "", third = ""] = parts;
  if (root === "api") return { group: "", version: second, rest: parts.slice(2) };
  if (root === "apis") return { group: second, version: third, rest: parts.slice(3) };
  return undefined;
}

/**
 * Reads `/api/v1/namespaces/NS/services/NAME/status` and the like; undefined when the path
 * names nothing that is served.
 */
export function parseResourcePath(path: string, find: FindRow): ResourceTarget | undefined {
  const split = splitGroup(path);
  if (!split || split.rest.length === 0) return undefined;
  const { group, version, rest } = split;
  const [first, second, third] = rest;
  const scoped = first === "namespaces" && third !== undefined &&
    !(NAMESPACE_SUBRESOURCES.includes(third) && rest.length === 3);
  const [plural = "", name, subresource, ...more] = scoped ? rest.slice(2) : rest;
  const row = find(group, version, plural);
  if (!row || more.length > 0 || (scoped && !row.namespaced)) return undefined;
  if (row.namespaced && !scoped && name !== undefined) return undefined;
  return { row, namespace: scoped ? second : undefined, name, subresource };
}
