import { AppError } from "../core/mod.ts";
import { canonicalAddress } from "../net/mod.ts";
import type { VipRecord, VipState } from "./types.ts";

/** Annotation of the VIP ConfigMap that says which entries are ours. */
export const stateAnnotation = "k8s.co/cloud-provider-config";

/**
 * Reads the state annotation: `{"services":[{"uid","ip","serviceNamespace","serviceName",
 * "forwardMethod"?}]}`. No annotation is an empty state. Throws AppError `invalid` for text that is
 * something else, because writing over it would give every address a second time.
 */
export function readState(annotation: string | undefined): VipState {
  if (annotation === undefined || annotation.trim() === "") return { records: [], unreadable: [] };
  const services = listOf(annotation);
  const read = services.map((entry) => ({ entry, record: recordOf(entry) }));
  return {
    records: read.flatMap(({ record }) => record ?? []),
    unreadable: read.filter(({ record }) => record === undefined).map(({ entry }) => entry),
  };
}

/** The annotation's text for a state, with the fields in the order in which the peer writes them. */
export function formatState({ records, unreadable }: VipState): string {
  return JSON.stringify({ services: [...records.map(entryOf), ...unreadable] });
}

/** Bytes that a record adds to the annotation. */
export function recordSize(record: VipRecord): number {
  return new TextEncoder().encode(JSON.stringify(entryOf(record))).length + 1;
}

function entryOf({ uid, ip, namespace, name, method }: VipRecord): unknown {
  const forwardMethod = method === undefined || method === "" ? {} : { forwardMethod: method };
  return { uid, ip, serviceNamespace: namespace, serviceName: name, ...forwardMethod };
}

function listOf(annotation: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(annotation);
  } catch (cause) {
    throw broken("is not JSON", cause);
  }
  const services = isRecord(parsed) ? parsed["services"] : undefined;
  // Go writes an empty list as null
  if (isRecord(parsed) && (services === null || services === undefined)) return [];
  if (!Array.isArray(services)) throw broken('is not {"services":[…]}');
  return services;
}

function broken(what: string, cause?: unknown): AppError {
  const message = `annotation ${stateAnnotation} of the VIP ConfigMap ${what}: ` +
    `restore it, or remove it together with the entries that it stood for`;
  return new AppError(message, { kind: "invalid", cause });
}

function recordOf(entry: unknown): VipRecord | undefined {
  if (!isRecord(entry)) return undefined;
  const { uid, ip, serviceNamespace, serviceName, forwardMethod } = entry;
  const address = typeof ip === "string" ? canonicalAddress(ip) : undefined;
  if (typeof uid !== "string" || uid === "" || address === undefined) return undefined;
  if (typeof serviceNamespace !== "string" || typeof serviceName !== "string") return undefined;
  const method = typeof forwardMethod === "string" && forwardMethod !== ""
    ? { method: forwardMethod }
    : {};
  return { uid, ip: address, namespace: serviceNamespace, name: serviceName, ...method };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
