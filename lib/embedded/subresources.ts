import { badRequest, conflict, methodNotAllowed } from "./api_error.ts";
import { asArray, asNumber, asObject, asString, asStringMap, at, type JsonObject } from "./json.ts";
import type { ObjectRef, Registry } from "./registry.ts";
import type { KubeObject, ResourceRow } from "./types.ts";
import type { WriteOptions } from "./write_create.ts";
import { updateObject } from "./write_update.ts";

/** The Scale of a workload (autoscaling/v1). */
export function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = asStringMap(at(object.spec, "selector", "matchLabels"));
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(",");
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    spec: { replicas: asNumber(object.spec?.["replicas"]) },
    status: { replicas: asNumber(object.status?.["replicas"]), selector },
  };
}

/** Changes the number of replicas through the Scale view. @throws {ApiError} as an update does */
export function updateScale(
  registry: Registry,
  row: ResourceRow,
  request: ObjectRef & WriteOptions & { change(scale: KubeObject): JsonObject },
): KubeObject {
  const stored = updateObject(registry, row, {
    ...request,
    change: (object) => {
      const wanted = request.change(scaleOf(object));
      const version = asString(at(wanted, "metadata", "resourceVersion"));
      if (version !== "" && version !== object.metadata.resourceVersion) {
        throw conflict(row, request.name);
      }
      const replicas = at(wanted, "spec", "replicas") ?? 0;
      if (typeof replicas !== "number" || replicas < 0) {
        throw badRequest("spec.replicas must be greater than or equal to 0");
      }
      return { ...object, spec: { ...object.spec, replicas } };
    },
  });
  return scaleOf(stored);
}

/** Binds a Pod to a node. @throws {ApiError} 409 when it is bound already */
export function bindPod(
  registry: Registry,
  row: ResourceRow,
  request: ObjectRef & { readonly body: JsonObject },
): void {
  const nodeName = asString(at(request.body, "target", "name"));
  if (nodeName === "") throw badRequest("target.name must name a node");
  updateObject(registry, row, {
    ...request,
    change: (pod) => {
      const bound = asString(pod.spec?.["nodeName"]);
      if (bound !== "") {
        const why = `pod ${request.name} is already assigned to node "${bound}"`;
        throw conflict(row, request.name, why);
      }
      return { ...pod, spec: { ...pod.spec, nodeName } };
    },
  });
}

/** Sets the finalizers in a namespace's spec; the last one gone removes the namespace. */
export function finalizeNamespace(
  registry: Registry,
  row: ResourceRow,
  request: ObjectRef & { readonly body: JsonObject },
): KubeObject {
  if (row.plural !== "namespaces") throw methodNotAllowed();
  const finalizers = asArray(asObject(request.body["spec"])["finalizers"]);
  return updateObject(registry, row, {
    name: request.name,
    change: (namespace) => ({ ...namespace, spec: { ...namespace.spec, finalizers } }),
  });
}
