import { groupsOf, groupVersion } from "./discovery.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceRow } from "./types.ts";

const INFO = { title: "Kubernetes", version: "v1.36.3" } as const;
const WRITE = ["dryRun", "fieldManager", "fieldValidation"] as const;

function rootOf(gv: { group: string; version: string }): string {
  return gv.group === "" ? `api/${gv.version}` : `apis/${groupVersion(gv)}`;
}

function schemaName({ group, version, kind }: ResourceRow): string {
  const dotted = group === "" ? "core" : group.replace(/\.k8s\.io$/, "").replaceAll(".", "-");
  return `io.k8s.api.${dotted}.${version}.${kind}`;
}

function kindOf({ group, version, kind }: ResourceRow): JsonObject {
  return { group, version, kind };
}

function parameters(names: readonly string[]): readonly JsonObject[] {
  return names.map((name) => ({
    name,
    in: "query",
    schema: { type: "string", uniqueItems: true },
  }));
}

/**
 * Operations of one path. PATCH names merge patch only: a client that finds the strategic type
 * here reads merge keys from the schema, and clients know those of the built-in types anyway.
 */
function operations(row: ResourceRow, item: boolean): JsonObject {
  const gvk = { "x-kubernetes-group-version-kind": kindOf(row) };
  const body = (type: string) => ({
    requestBody: { content: { [type]: { schema: { type: "object" } } } },
  });
  const responses = { "200": { description: "OK" } };
  const make = (action: string, extra: JsonObject = {}) => ({
    "x-kubernetes-action": action,
    ...gvk,
    responses,
    ...extra,
  });
  const write = { parameters: parameters(WRITE) };
  return item
    ? {
      get: make("get"),
      put: make("put", { ...write, ...body("application/json") }),
      patch: make("patch", { ...write, ...body("application/merge-patch+json") }),
      delete: make("delete", { parameters: parameters(["dryRun"]) }),
    }
    : { get: make("list"), post: make("post", { ...write, ...body("application/json") }) };
}

/** GET /openapi/v3: where the document of each group version is. */
export function openApiIndex(rows: readonly ResourceRow[]): JsonObject {
  const entries = groupsOf(rows).map((gv) => [
    rootOf(gv),
    { serverRelativeURL: `/openapi/v3/${rootOf(gv)}?hash=1` },
  ]);
  return { paths: Object.fromEntries(entries) };
}

function schemaOf(row: ResourceRow): JsonObject {
  const text = { type: "string" };
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    type: "object",
    description: `${row.kind} as the emulator stores it: members are not listed one by one.`,
    properties: { apiVersion: text, kind: text, metadata: open, spec: open, status: open },
    "x-kubernetes-preserve-unknown-fields": true,
    "x-kubernetes-group-version-kind": [kindOf(row)],
  };
}

function pathsOf(row: ResourceRow): readonly (readonly [string, JsonObject])[] {
  const base = `/${rootOf(row)}/${row.namespaced ? "namespaces/{namespace}/" : ""}${row.plural}`;
  return [[base, operations(row, false)], [`${base}/{name}`, operations(row, true)]];
}

/** GET /openapi/v3/api/v1 and the like; undefined when nothing of it is served. */
export function openApiDocument(
  rows: readonly ResourceRow[],
  root: string,
): JsonObject | undefined {
  const served = rows.filter((row) => rootOf(row) === root);
  if (served.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: INFO,
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: {
      schemas: Object.fromEntries(served.map((row) => [schemaName(row), schemaOf(row)])),
    },
  };
}

/** GET /openapi/v2. */
export function swaggerDocument(rows: readonly ResourceRow[]): JsonObject {
  return {
    swagger: "2.0",
    info: INFO,
    paths: Object.fromEntries(rows.flatMap(pathsOf)),
    definitions: Object.fromEntries(rows.map((row) => [schemaName(row), schemaOf(row)])),
  };
}
