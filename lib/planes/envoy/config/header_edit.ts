import type { Header, HeaderEdit } from "../../../proxy/types.ts";
import type { JsonObject } from "./types.ts";

/** Which of the two messages an edit is for. */
export type Message = "request" | "response";

/**
 * The fields of a route, or of a part of a split, that edit headers. Envoy removes first, then adds
 * in order. `Host` is not edited here: {@link hostOf} makes a rewrite of it.
 */
export function headerFields(message: Message, edit: HeaderEdit | undefined): JsonObject {
  if (edit === undefined) return {};
  const added = [
    ...edit.set.filter(editable).map((header) => option(header, "OVERWRITE_IF_EXISTS_OR_ADD")),
    ...edit.add.filter(editable).map((header) => option(header, "APPEND_IF_EXISTS_OR_ADD")),
  ];
  const removed = edit.remove.filter((name) => editable({ name }));
  return {
    ...(added.length > 0 ? { [`${message}_headers_to_add`]: added } : {}),
    ...(removed.length > 0 ? { [`${message}_headers_to_remove`]: removed } : {}),
  };
}

/** The value that an edit of request headers gives `Host`, if it does. */
export function hostOf(edit: HeaderEdit | undefined): string | undefined {
  return [...edit?.set ?? [], ...edit?.add ?? []].findLast(({ name }) => isHost(name))?.value;
}

/** One edit that does what the first and then the second would. */
export function mergedEdits(
  first: HeaderEdit | undefined,
  second: HeaderEdit | undefined,
): HeaderEdit | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const gone = new Set(second.remove.map((name) => name.toLowerCase()));
  const kept = ({ name }: Header) => !gone.has(name.toLowerCase());
  const replaced = new Set(second.set.map(({ name }) => name.toLowerCase()));
  const added = ({ name }: Header) => !replaced.has(name.toLowerCase());
  return {
    // what the second sets replaces what the first added, but is itself added to
    set: [...first.set.filter(kept), ...second.set],
    add: [...first.add.filter(kept).filter(added), ...second.add],
    remove: [...first.remove, ...second.remove],
  };
}

function option({ name, value }: Header, append: string): JsonObject {
  return {
    // a percent sign would begin one of Envoy's variables
    header: { key: name, value: value.replaceAll("%", "%%") },
    append_action: append,
    keep_empty_value: true,
  };
}

function editable({ name }: { readonly name: string }): boolean {
  return !isHost(name);
}

function isHost(name: string): boolean {
  return name.toLowerCase() === "host";
}
