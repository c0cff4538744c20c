import type { Json, JsonObject } from "./json.ts";

/** A reference to the object that owns this one (apimachinery meta/v1 OwnerReference). */
export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
};

/** Which manager owns which fields (KEP-555). */
export type ManagedFieldsEntry = {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
};

/** The part of object metadata that the emulator reads or writes. */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
};

/** Any object that the emulator stores. Objects are never changed in place. */
export type KubeObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly [key: string]: Json | undefined;
};

/** One field error of a 422 answer. */
export interface Cause {
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueNotSupported"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldManagerConflict"
    | "NamespaceTerminating"
    | "ResourceVersionTooLarge"
    | "UnexpectedServerResponse";
  readonly message: string;
  readonly field?: string;
}

/** One column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly format?: string;
  /** 0 is shown always, 1 with `-o wide`. */
  readonly priority?: number;
  cell(object: KubeObject, now: number): string | number | null;
}

/** Names a group and the plural of a resource. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** One served resource: adding a resource is adding such a row. */
export interface ResourceRow extends GroupResource {
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly ("status" | "scale" | "log" | "finalize" | "binding")[];
  readonly columns: readonly Column[];
  /** Paths that a field selector may name, beside metadata.name and metadata.namespace. */
  readonly fields?: readonly string[];
  /** How names are checked; `subdomain` when absent. */
  readonly names?: "subdomain" | "label" | "path";
  /** The server bumps metadata.generation when anything but metadata and status changes. */
  readonly generation?: boolean;
  /** DELETE answers with the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** PUT creates the object when it does not exist. */
  readonly createOnUpdate?: boolean;
  /** Pods only: DELETE waits for the node's agent unless the grace period is 0. */
  readonly graceful?: boolean;
  /** Served from the store of another row (events.k8s.io shows core events). */
  readonly storedAs?: StoredAs;
}

/** Two-way conversion to the row that keeps the objects. */
export interface StoredAs extends GroupResource {
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
}

/** What a strategy may ask of its surroundings. */
export interface StrategyContext {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Defaulting and validation of one resource; both throw ApiError on bad input. */
export interface Strategy {
  create?(object: KubeObject, context: StrategyContext): KubeObject;
  /** `next` already carries the stored status, or on a status write the stored spec. */
  update?(next: KubeObject, previous: KubeObject, context: StrategyContext): KubeObject;
  updateStatus?(next: KubeObject, previous: KubeObject, context: StrategyContext): KubeObject;
  /** Paths in a body that name no field, for clients that asked for strict validation. */
  unknownFields?(body: JsonObject): readonly string[];
}

/** What a watcher is told. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/** One committed change of the store; `previous` is absent for a creation. */
export interface Change {
  readonly version: number;
  readonly type: WatchEvent["type"];
  readonly key: string;
  /** The object after the change; for DELETED its last state at the deletion's version. */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}
