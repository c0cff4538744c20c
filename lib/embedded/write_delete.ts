import { timestamp } from "../core/mod.ts";
import { conflict, notFound } from "./api_error.ts";
import { asString } from "./json.ts";
import type { ObjectRef, Registry } from "./registry.ts";
import type { KubeObject, ResourceRow } from "./types.ts";
import { objectKey } from "./watch_hub.ts";
import { isReleased } from "./write_update.ts";

/** What becomes of the objects that the deleted one owns. */
export type Propagation = "Background" | "Foreground" | "Orphan";

/** How to delete. */
export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagation?: Propagation | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** What a delete did: the object is gone, or waits for its finalizers or its node. */
export interface DeleteResult {
  readonly object: KubeObject;
  readonly gone: boolean;
}

const DEFAULT_GRACE = 30;
const MARKS = { Foreground: "foregroundDeletion", Orphan: "orphan" } as const;

function checkPreconditions(row: ResourceRow, object: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record ` +
      `(${uid}). The object might have been deleted and then recreated`;
    throw conflict(row, object.metadata.name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not ` +
      `match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(row, object.metadata.name, why);
  }
}

/** Seconds that the node's agent gets to stop a Pod; 0 where nobody runs it. */
function graceOf(row: ResourceRow, object: KubeObject, options: DeleteOptions): number {
  if (!row.graceful) return 0;
  const phase = object.status?.["phase"];
  if (!asString(object.spec?.["nodeName"]) || phase === "Failed" || phase === "Succeeded") return 0;
  const asked = options.gracePeriodSeconds ?? object.spec?.["terminationGracePeriodSeconds"];
  const grace = typeof asked === "number" && asked >= 0 ? asked : DEFAULT_GRACE;
  const running = object.metadata.deletionGracePeriodSeconds;
  return running === undefined ? grace : Math.min(grace, running);
}

function withFinalizer(object: KubeObject, options: DeleteOptions): readonly string[] {
  const old = object.metadata.finalizers ?? [];
  const { propagation } = options;
  if (propagation === undefined || propagation === "Background") return old;
  const mark = MARKS[propagation];
  return [...old.filter((finalizer) => !Object.values<string>(MARKS).includes(finalizer)), mark];
}

function marked(registry: Registry, row: ResourceRow, context: {
  readonly object: KubeObject;
  readonly options: DeleteOptions;
}): KubeObject {
  const { object, options } = context;
  const grace = graceOf(row, object, options);
  const finalizers = withFinalizer(object, options);
  const already = object.metadata.deletionTimestamp !== undefined;
  const shorter = grace < (object.metadata.deletionGracePeriodSeconds ?? 0);
  const when = timestamp(registry.options.now() + grace * 1000);
  const generation = object.metadata.generation;
  const namespace = row.plural === "namespaces" && row.group === "";
  const metadata = {
    ...object.metadata,
    ...(finalizers.length > 0 && { finalizers }),
    ...(already && !shorter ? {} : { deletionTimestamp: when, deletionGracePeriodSeconds: grace }),
    ...(generation !== undefined && !already && { generation: generation + 1 }),
  };
  const terminating = namespace ? { status: { ...object.status, phase: "Terminating" } } : {};
  return { ...object, ...terminating, metadata };
}

/**
 * Deletes an object, or marks it deleted while finalizers, a grace period or a namespace's
 * content hold it.
 *
 * @throws {ApiError} 404, 409 when a precondition fails
 */
export function deleteObject(
  registry: Registry,
  row: ResourceRow,
  request: ObjectRef & DeleteOptions,
): DeleteResult {
  const key = objectKey(request.namespace, request.name);
  const object = registry.store.get(row, key);
  if (!object) throw notFound(row, request.name);
  checkPreconditions(row, object, request);
  const next = marked(registry, row, { object, options: request });
  const gone = isReleased(next);
  if (request.dryRun) return { object, gone };
  if (gone) return { object: registry.store.remove(row, key) ?? object, gone };
  const again = object.metadata.deletionTimestamp === next.metadata.deletionTimestamp &&
    object.metadata.finalizers?.length === next.metadata.finalizers?.length;
  return { object: again ? object : registry.store.put(row, next), gone };
}
