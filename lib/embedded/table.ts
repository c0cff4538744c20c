import { type JsonObject, without } from "./json.ts";
import type { KubeObject, ResourceRow } from "./types.ts";

/** What of the object each row carries. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** The metadata of an object alone (PartialObjectMetadata of meta.k8s.io/v1). */
export function partialMetadata(object: KubeObject): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: object.metadata,
  };
}

function rowObject(object: KubeObject, include: IncludeObject): JsonObject {
  if (include === "None") return {};
  if (include === "Object") return { object };
  const metadata = without(object.metadata, "managedFields");
  return { object: { ...partialMetadata(object), metadata } };
}

/** The table view of objects that `kubectl get` prints (meta.k8s.io/v1 Table). */
export function tableOf(row: ResourceRow, objects: readonly KubeObject[], options: {
  readonly now: number;
  readonly include: IncludeObject;
  readonly metadata?: JsonObject;
  /** Watch events after the first leave the columns out. */
  readonly headless?: boolean;
}): JsonObject {
  const { now, include, metadata = {}, headless = false } = options;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: headless ? null : row.columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? "",
      description: "",
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: row.columns.map((column) => column.cell(object, now)),
      ...rowObject(object, include),
    })),
  };
}
