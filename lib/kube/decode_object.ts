import * as v from "valibot";
import { AppError } from "../core/mod.ts";
import { objectMeta } from "./decode.ts";
import type { KubeObject } from "./types.ts";

/** Which parts of an object are kept. */
export interface ObjectParts {
  /** For messages, and kept as `kind`, which list answers do not carry. */
  readonly kind: string;
  /** Fields that must be there. */
  readonly needs?: readonly string[];
  /** Fields that may be there. */
  readonly takes?: readonly string[];
}

/**
 * Keeps the metadata and the named fields of an object whose schema the API server checked when it
 * was written. Throws AppError `unavailable` for other JSON.
 */
export function decodeObject(raw: unknown, parts: ObjectParts): KubeObject {
  const { kind, needs = [], takes = [] } = parts;
  const fields = typeof raw === "object" && raw !== null ? raw as Record<string, unknown> : {};
  const metadata = v.safeParse(objectMeta, fields["metadata"]);
  if (!metadata.success) {
    const [{ message }] = metadata.issues;
    throw unreadable(`${kind} whose metadata is wrong: ${message}`);
  }
  const missing = needs.find((name) => typeof fields[name] !== "object" || fields[name] === null);
  if (missing !== undefined) {
    throw unreadable(`${kind} ${metadata.output.name} without ${missing}`);
  }
  const kept = [...needs, ...takes].filter((name) => (fields[name] ?? undefined) !== undefined);
  return {
    kind,
    metadata: metadata.output,
    ...Object.fromEntries(kept.map((name) => [name, fields[name]])),
  } as KubeObject;
}

function unreadable(what: string): AppError {
  return new AppError(`the API server sent a ${what}: check its resource definition`, {
    kind: "unavailable",
  });
}
