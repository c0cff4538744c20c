import { badRequest, expired, invalid, versionTooLarge } from "./api_error.ts";
import { forbiddenField, notSupported } from "./causes.ts";
import type { Collection } from "./collection.ts";
import { type FieldSelector, matchesFields, pinnedName } from "./field_selector.ts";
import { rewind } from "./history.ts";
import { type LabelSelector, matchesLabels } from "./label_selector.ts";
import type { KubeObject } from "./types.ts";
import { objectKey } from "./watch_hub.ts";

const LIST_OPTIONS = { group: "meta.k8s.io", kind: "ListOptions" } as const;
const MATCHES = ["Exact", "NotOlderThan"] as const;

/** What a list or a watch is about. */
export interface Selection {
  readonly namespace?: string | undefined;
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;
}

/** Paging and version of a list. */
export interface ListQuery extends Selection {
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
}

/** One page of a list. */
export interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

interface Cursor {
  readonly version: number;
  readonly after: string;
}

/** True when the object is in the selection (its namespace is checked by the caller's scope). */
export function selects({ labels, fields }: Selection, object: KubeObject): boolean {
  return matchesLabels(labels, object.metadata.labels) && matchesFields(fields, object);
}

/** Reads a resource version of a query: digits or nothing. */
export function parseVersion(text: string): number {
  if (text === "") return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(`Invalid value: "${text}": resource version must be a number`);
}

function encodeCursor(cursor: Cursor): string {
  return btoa(JSON.stringify({ v: "meta.k8s.io/v1", rv: cursor.version, start: cursor.after }));
}

function decodeCursor(token: string): Cursor {
  try {
    const value: unknown = JSON.parse(atob(token));
    if (typeof value === "object" && value && "rv" in value && "start" in value) {
      return { version: Number(value.rv), after: String(value.start) };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
  }
  throw badRequest("continue key is not valid: list again from the start");
}

function startOf(query: ListQuery, current: number): Cursor {
  if (query.continue === "") {
    const asked = parseVersion(query.resourceVersion);
    if (asked > current) throw versionTooLarge(asked, current);
    const exact = query.resourceVersionMatch === "Exact";
    return { version: exact ? asked : current, after: "" };
  }
  if (query.resourceVersion !== "" && query.resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  return decodeCursor(query.continue);
}

function pastOf(collection: Collection, version: number, current: number) {
  const changes = version === current ? [] : collection.history.since(version);
  if (changes) return rewind(changes);
  throw expired(
    "The provided continue parameter is too old to display a consistent list result. " +
      "You can start a new list without the continue parameter.",
  );
}

/** The keys to look at: the present ones and those deleted since the version of the list. */
function candidates(
  collection: Collection,
  query: ListQuery,
  cursor: Cursor & { readonly past: ReadonlyMap<string, KubeObject | undefined> },
): Iterable<string> {
  const name = pinnedName(query.fields);
  if (name !== undefined && query.namespace !== undefined) {
    return [objectKey(query.namespace, name)].filter((key) => key > cursor.after);
  }
  const keys = collection.keys(query.namespace, cursor.after);
  if (cursor.past.size === 0) return keys;
  const prefix = query.namespace === undefined ? "" : `${query.namespace}/`;
  const gone = [...cursor.past.keys()].filter((key) =>
    key > cursor.after && key.startsWith(prefix)
  );
  return [...new Set([...keys, ...gone])].sort();
}

/**
 * One page of a collection, consistent with the first page's version.
 *
 * @param current the store's version
 * @throws {ApiError} 400 for a bad token, 410 when history does not reach back, 504 for the future
 */
export function listPage(collection: Collection, query: ListQuery, current: number): ListPage {
  const start = startOf(query, current);
  const past = pastOf(collection, start.version, current);
  const items: KubeObject[] = [];
  const resourceVersion = String(start.version);
  let last = "";
  for (const key of candidates(collection, query, { ...start, past })) {
    const object = past.has(key) ? past.get(key) : collection.get(key);
    if (!object || !selects(query, object)) continue;
    if (query.limit > 0 && items.length === query.limit) {
      const cursor = encodeCursor({ version: start.version, after: last });
      return { items, resourceVersion, continue: cursor, ...remaining(collection, query, last) };
    }
    items.push(object);
    last = key;
  }
  return { items, resourceVersion };
}

/** The server counts the rest only where no selector hides part of it. */
function remaining(collection: Collection, query: ListQuery, after: string) {
  if (query.labels.length > 0 || query.fields.length > 0) return {};
  let count = 0;
  for (const _key of collection.keys(query.namespace, after)) count += 1;
  return { remainingItemCount: count };
}

/** Refuses combinations of list options that the API refuses. @throws {ApiError} 422 */
export function checkListQuery({ resourceVersionMatch, resourceVersion }: ListQuery): void {
  if (resourceVersionMatch === "") return;
  const field = "resourceVersionMatch";
  const cause = !MATCHES.some((known) => known === resourceVersionMatch)
    ? notSupported(field, resourceVersionMatch, MATCHES)
    : resourceVersion === ""
    ? forbiddenField(field, `${field} is forbidden unless resourceVersion is provided`)
    : resourceVersionMatch === "Exact" && resourceVersion === "0"
    ? forbiddenField(field, `${field} "Exact" is forbidden for resourceVersion "0"`)
    : undefined;
  if (cause) throw invalid(LIST_OPTIONS, "", [cause]);
}
