import { expired, versionTooLarge } from "./api_error.ts";
import type { Collection } from "./collection.ts";
import { pinnedName } from "./field_selector.ts";
import { parseVersion, type Selection, selects } from "./list_query.ts";
import type { Change, KubeObject, WatchEvent } from "./types.ts";
import type { Scope } from "./watch_hub.ts";

/** What a watch asks for. */
export interface WatchQuery extends Selection {
  readonly resourceVersion: string;
  readonly sendInitialEvents: boolean;
}

/** What a watch delivers first. */
export interface WatchStart {
  readonly events: readonly WatchEvent[];
  /** The events are a full list, so an initial-events-end bookmark may follow. */
  readonly initial: boolean;
  readonly version: number;
}

/** The scope of changes that can matter to a selection. */
export function watchScope(selection: Selection): Scope {
  return { namespace: selection.namespace, name: pinnedName(selection.fields) };
}

/** The same object under the version at which it left the selection. */
function at(object: KubeObject, version: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

/** What a change means to a selection: objects may enter and leave it. */
export function eventFor(selection: Selection, change: Change): WatchEvent | undefined {
  const { type, object, previous, version } = change;
  const after = type !== "DELETED" && selects(selection, object);
  const before = previous !== undefined && selects(selection, previous);
  if (after) return { type: before ? "MODIFIED" : "ADDED", object };
  if (!before) return undefined;
  return { type: "DELETED", object: type === "DELETED" ? object : at(previous, version) };
}

function inNamespace(selection: Selection, key: string): boolean {
  return selection.namespace === undefined || key.startsWith(`${selection.namespace}/`);
}

/**
 * What a new watch delivers before it follows the changes: the present state (no version or
 * "0", or when asked for) or the changes since a version.
 *
 * @throws {ApiError} 410 when history does not reach back, 504 for a version of the future
 */
export function watchStart(collection: Collection, query: WatchQuery, current: number): WatchStart {
  const asked = parseVersion(query.resourceVersion);
  if (asked > current) throw versionTooLarge(asked, current);
  if (asked === 0 || query.sendInitialEvents) {
    const objects = [...collection.objects(query.namespace)].filter((o) => selects(query, o));
    const events = objects.map((object) => ({ type: "ADDED", object }) as const);
    return { events, initial: true, version: current };
  }
  const changes = collection.history.since(asked);
  if (!changes) {
    throw expired(`too old resource version: ${asked} (${collection.history.floor})`);
  }
  const events = changes.filter((change) => inNamespace(query, change.key))
    .map((change) => eventFor(query, change))
    .filter((event) => event !== undefined);
  return { events, initial: false, version: current };
}
