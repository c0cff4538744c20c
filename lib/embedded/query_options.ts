import { badRequest, invalid } from "./api_error.ts";
import { forbiddenField, notSupported } from "./causes.ts";
import { parseFieldSelector } from "./field_selector.ts";
import { isObject, type JsonObject } from "./json.ts";
import { parseLabelSelector } from "./label_selector.ts";
import type { ListQuery } from "./list_query.ts";
import type { IncludeObject } from "./table.ts";
import type { ResourceTarget } from "./request_path.ts";
import type { WatchQuery } from "./watch_query.ts";
import { parseDryRun, type WriteOptions } from "./write_create.ts";
import type { DeleteOptions, Propagation } from "./write_delete.ts";

const LIST_OPTIONS = { group: "meta.k8s.io", kind: "ListOptions" } as const;
const DELETE_OPTIONS = { group: "meta.k8s.io", kind: "DeleteOptions" } as const;
const PROPAGATIONS = ["Background", "Foreground", "Orphan"] as const;

function flag(params: URLSearchParams, name: string): boolean {
  const value = params.get(name);
  return value !== null && value !== "false" && value !== "0";
}

function wholeNumber(params: URLSearchParams, name: string): number {
  const text = params.get(name) ?? "";
  if (text === "") return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(`Invalid value: "${text}": ${name} must be a whole number`);
}

/** True when the request asks to follow changes. */
export function isWatch(params: URLSearchParams): boolean {
  return flag(params, "watch");
}

/** Namespace, selectors, paging and version of a list. A name in the path becomes a selector. */
export function listQuery(target: ResourceTarget, params: URLSearchParams): ListQuery {
  const pinned = target.name === undefined
    ? []
    : [{ path: "metadata.name", value: target.name, negated: false }];
  return {
    namespace: target.row.namespaced ? target.namespace : "",
    labels: parseLabelSelector(params.get("labelSelector") ?? ""),
    fields: [...parseFieldSelector(params.get("fieldSelector") ?? "", target.row), ...pinned],
    limit: params.get("limit")?.startsWith("-") ? 0 : wholeNumber(params, "limit"),
    continue: params.get("continue") ?? "",
    resourceVersion: params.get("resourceVersion") ?? "",
    resourceVersionMatch: params.get("resourceVersionMatch") ?? "",
  };
}

/** The parts of a watch. */
export interface WatchOptions {
  readonly query: WatchQuery;
  readonly bookmarks: boolean;
  /** 0: the server's own limit. */
  readonly timeoutSeconds: number;
}

/** Options of a watch; @throws {ApiError} 422 for combinations that the API forbids. */
export function watchOptions(target: ResourceTarget, params: URLSearchParams): WatchOptions {
  const { namespace, labels, fields, resourceVersion, resourceVersionMatch } = listQuery(
    target,
    params,
  );
  const sendInitialEvents = flag(params, "sendInitialEvents");
  const given = params.has("sendInitialEvents");
  const causes = [
    ...(given && resourceVersionMatch !== "NotOlderThan"
      ? [
        forbiddenField(
          "resourceVersionMatch",
          "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ),
      ]
      : []),
    ...(!given && resourceVersionMatch !== ""
      ? [
        forbiddenField(
          "resourceVersionMatch",
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
      ]
      : []),
  ];
  if (causes.length > 0) throw invalid(LIST_OPTIONS, "", causes);
  return {
    query: { namespace, labels, fields, resourceVersion, sendInitialEvents },
    bookmarks: flag(params, "allowWatchBookmarks"),
    timeoutSeconds: wholeNumber(params, "timeoutSeconds"),
  };
}

/** What each row of a table carries. */
export function includeObject(params: URLSearchParams): IncludeObject {
  const value = params.get("includeObject") ?? "Metadata";
  if (value === "None" || value === "Metadata" || value === "Object") return value;
  throw badRequest(`includeObject must be None, Metadata or Object: current value is "${value}"`);
}

/** Dry run and manager of a write. */
export function writeOptions(params: URLSearchParams, userAgent: string | null): WriteOptions {
  const agent = (userAgent ?? "").split("/")[0];
  return {
    dryRun: parseDryRun(params.getAll("dryRun")),
    manager: params.get("fieldManager") || agent || "unknown",
  };
}

function propagationOf(value: unknown, orphan: unknown): Propagation | undefined {
  const found = PROPAGATIONS.find((known) => known === value);
  if (found || value === undefined || value === null || value === "") {
    return found ?? (orphan === true ? "Orphan" : undefined);
  }
  const cause = notSupported("propagationPolicy", String(value), PROPAGATIONS);
  throw invalid(DELETE_OPTIONS, "", [cause]);
}

/** Options of a delete from its body (DeleteOptions) and its query; the body wins. */
export function deleteOptions(body: JsonObject, params: URLSearchParams): DeleteOptions {
  const grace = body["gracePeriodSeconds"] ?? (params.get("gracePeriodSeconds") ?? undefined);
  const preconditions = isObject(body["preconditions"]) ? body["preconditions"] : {};
  const { uid, resourceVersion } = preconditions;
  const dryRun = Array.isArray(body["dryRun"]) ? body["dryRun"].map(String) : [];
  return {
    dryRun: parseDryRun([...params.getAll("dryRun"), ...dryRun]),
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    propagation: propagationOf(
      body["propagationPolicy"] ?? params.get("propagationPolicy"),
      body["orphanDependents"],
    ),
    uid: typeof uid === "string" ? uid : undefined,
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : undefined,
  };
}
