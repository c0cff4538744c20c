import { badRequest } from "./api_error.ts";
import { at } from "./json.ts";
import type { KubeObject, ResourceRow } from "./types.ts";

/** One term of a field selector. */
export interface FieldTerm {
  readonly path: string;
  readonly value: string;
  readonly negated: boolean;
}

/** A field selector: every term must hold. */
export type FieldSelector = readonly FieldTerm[];

function parseTerm(term: string): FieldTerm {
  const match = /^([^=!]+?)(!=|==|=)(.*)$/.exec(term.trim());
  if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const value = (match[3] ?? "").replace(/\\([,=\\])/g, "$1");
  return { path: (match[1] ?? "").trim(), negated: match[2] === "!=", value };
}

/**
 * Reads a selector such as `metadata.name=web,status.phase!=Running` for one resource.
 *
 * @throws {ApiError} 400 when a term cannot be read or names a field the resource does not index
 */
export function parseFieldSelector(text: string, row: ResourceRow): FieldSelector {
  const terms = text.split(/(?<!\\),/).filter((term) => term.trim() !== "").map(parseTerm);
  for (const { path } of terms) {
    if (path === "metadata.name" || path === "metadata.namespace") continue;
    if (!row.fields?.includes(path)) throw badRequest(`field label not supported: ${path}`);
  }
  return terms;
}

/** The text of a field as selectors compare it; absent fields are the empty text. */
function fieldText(object: KubeObject, path: string): string {
  const value = at(object, ...path.split("."));
  return value === undefined || value === null ? "" : String(value);
}

/** True when every term holds for the object. */
export function matchesFields(selector: FieldSelector, object: KubeObject): boolean {
  return selector.every(({ path, value, negated }) =>
    (fieldText(object, path) === value) !== negated
  );
}

/** The name that the selector pins down, when it does. */
export function pinnedName(selector: FieldSelector): string | undefined {
  return selector.find(({ path, negated }) => path === "metadata.name" && !negated)?.value;
}
