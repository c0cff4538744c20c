import { applyPatch } from "./apply_patch.ts";
import { ApiError, badRequest, invalid, notFound, unsupportedMediaType } from "./api_error.ts";
import { required } from "./causes.ts";
import { asObject, isObject, type Json, without } from "./json.ts";
import { jsonPatch } from "./json_patch.ts";
import { mergePatch } from "./merge_patch.ts";
import type { ObjectRef, Registry } from "./registry.ts";
import { strategicPatch } from "./strategic_patch.ts";
import type { KubeObject, ResourceRow } from "./types.ts";
import { objectKey } from "./watch_hub.ts";
import { asKubeObject, createObject, type WriteOptions } from "./write_create.ts";
import { updateObject } from "./write_update.ts";

/** The patch types in the order in which an error lists them. */
export const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
] as const;

const PATCH_OPTIONS = { group: "meta.k8s.io", kind: "PatchOptions" } as const;
const NEEDS_MANAGER = required("fieldManager", "is required for apply patch");

/** A patch of one object. */
export interface PatchRequest extends ObjectRef, WriteOptions {
  readonly type: string;
  readonly body: Json;
  readonly force: boolean;
  readonly subresource: "status" | undefined;
}

/** An object and whether it is new. */
export interface WriteResult {
  readonly object: KubeObject;
  readonly created: boolean;
}

function patched(stored: KubeObject, { type, body, name }: PatchRequest): KubeObject {
  switch (type) {
    case "application/json-patch+json":
      return asKubeObject(asObject(jsonPatch(stored, body)));
    case "application/merge-patch+json":
      if (!isObject(body)) throw badRequest("a merge patch must be an object");
      return asKubeObject(asObject(mergePatch(stored, body)));
    case "application/strategic-merge-patch+json":
      if (!isObject(body)) throw badRequest("a strategic merge patch must be an object");
      return asKubeObject(strategicPatch(stored, body, stored.kind));
    default:
      throw new ApiError({
        code: 500,
        reason: "InternalError",
        message: `patch of ${name}: ${type}`,
      });
  }
}

function applied(registry: Registry, row: ResourceRow, request: PatchRequest): WriteResult {
  const { namespace, name, force, manager, dryRun = false, subresource } = request;
  if (!isObject(request.body)) throw badRequest("an applied configuration must be an object");
  if (manager === undefined) throw invalid(PATCH_OPTIONS, "", [NEEDS_MANAGER]);
  const config = asKubeObject(request.body);
  if (config.metadata.managedFields) throw badRequest("metadata.managedFields must be nil");
  const apply = { config, force, manager, subresource, time: registry.timestamp() };
  const stored = registry.store.get(row, objectKey(namespace, name));
  if (stored) {
    const result = applyPatch(stored, apply);
    const object = updateObject(registry, row, {
      namespace,
      name,
      dryRun,
      subresource,
      change: () => asKubeObject(result.object),
      managedFields: () => result.managedFields,
    });
    return { object, created: false };
  }
  if (subresource) throw notFound(row, name);
  const named = { ...config, metadata: { ...config.metadata, name } };
  const blank = { ...named, metadata: { name } } as KubeObject;
  const { managedFields } = applyPatch(
    without(blank, "spec", "status", "data") as KubeObject,
    apply,
  );
  const object = createObject(registry, row, { namespace, dryRun, object: named, managedFields });
  return { object, created: true };
}

/**
 * Changes an object by any of the four patch types; server-side apply may create it.
 *
 * @throws {ApiError} 415 for another type, else as the patch and the update do
 */
export function patchObject(
  registry: Registry,
  row: ResourceRow,
  request: PatchRequest,
): WriteResult {
  if (!PATCH_TYPES.some((type) => type === request.type)) throw unsupportedMediaType(PATCH_TYPES);
  if (request.type === "application/apply-patch+yaml") return applied(registry, row, request);
  const { namespace, name, manager, dryRun = false, subresource } = request;
  const object = updateObject(registry, row, {
    namespace,
    name,
    manager,
    dryRun,
    subresource,
    change: (stored) => patched(stored, request),
  });
  return { object, created: false };
}
