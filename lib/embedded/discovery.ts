import type { JsonObject } from "./json.ts";
import type { ResourceRow } from "./types.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

const SUBRESOURCES = {
  status: { verbs: ["get", "patch", "update"] },
  scale: { verbs: ["get", "patch", "update"], group: "autoscaling", version: "v1", kind: "Scale" },
  log: { verbs: ["get"] },
  finalize: { verbs: ["update"] },
  binding: { verbs: ["create"], kind: "Binding" },
} as const;

/** `v1` or `apps/v1`. */
export function groupVersion({ group, version }: { group: string; version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The groups of the rows in their order, each once, each with its only version. */
export function groupsOf(
  rows: readonly ResourceRow[],
): readonly { group: string; version: string }[] {
  return [...new Map(rows.map(({ group, version }) => [group, { group, version }])).values()];
}

/** GET /api */
export function coreVersions(address: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

function apiGroup(gv: { group: string; version: string }): JsonObject {
  const version = { groupVersion: groupVersion(gv), version: gv.version };
  return { name: gv.group, versions: [version], preferredVersion: version };
}

/** GET /apis */
export function groupList(rows: readonly ResourceRow[]): JsonObject {
  const groups = groupsOf(rows).filter(({ group }) => group !== "").map(apiGroup);
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** GET /apis/GROUP */
export function oneGroup(rows: readonly ResourceRow[], group: string): JsonObject | undefined {
  const found = groupsOf(rows).find((gv) => gv.group === group);
  return found && group !== ""
    ? { kind: "APIGroup", apiVersion: "v1", ...apiGroup(found) }
    : undefined;
}

function listedSubresources(row: ResourceRow): readonly JsonObject[] {
  return (row.subresources ?? []).map((name) => {
    const { verbs, ...other } = SUBRESOURCES[name];
    return {
      name: `${row.plural}/${name}`,
      singularName: "",
      namespaced: row.namespaced,
      kind: row.kind,
      ...other,
      verbs,
    };
  });
}

/** GET /api/v1 and /apis/GROUP/VERSION; undefined when nothing of it is served. */
export function resourceList(rows: readonly ResourceRow[], gv: {
  readonly group: string;
  readonly version: string;
}): JsonObject | undefined {
  const served = rows.filter((row) => row.group === gv.group && row.version === gv.version);
  if (served.length === 0) return undefined;
  const resources = served.flatMap((row) => [
    {
      name: row.plural,
      singularName: row.singular,
      namespaced: row.namespaced,
      kind: row.kind,
      verbs: VERBS,
      ...(row.shortNames && { shortNames: row.shortNames }),
      ...(row.categories && { categories: row.categories }),
    },
    ...listedSubresources(row),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: groupVersion(gv), resources };
}

function aggregatedResource(row: ResourceRow): JsonObject {
  const { group, version, kind } = row;
  return {
    resource: row.plural,
    responseKind: { group, version, kind },
    scope: row.namespaced ? "Namespaced" : "Cluster",
    singularResource: row.singular,
    verbs: VERBS,
    ...(row.shortNames && { shortNames: row.shortNames }),
    ...(row.categories && { categories: row.categories }),
    subresources: (row.subresources ?? []).map((name) => {
      const { verbs, ...other } = SUBRESOURCES[name];
      return { subresource: name, responseKind: { group, version, kind, ...other }, verbs };
    }),
  };
}

/** GET /api or /apis as one document (KEP-3352, apidiscovery.k8s.io/v2). */
export function aggregated(rows: readonly ResourceRow[], root: "api" | "apis"): JsonObject {
  const groups = groupsOf(rows).filter(({ group }) => (group === "") === (root === "api"));
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ group, version }) => ({
      metadata: { ...(group && { name: group }), creationTimestamp: null },
      versions: [{
        version,
        freshness: "Current",
        resources: rows.filter((row) => row.group === group).map(aggregatedResource),
      }],
    })),
  };
}
