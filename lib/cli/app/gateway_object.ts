import { AppError } from "../../core/mod.ts";
import { decodeObject } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { GatewayKind } from "./gateway_kinds.ts";

/** What a spec must have: old releases knew versions of the same name with other fields. */
const REQUIRED: Readonly<Partial<Record<GatewayKind, readonly string[]>>> = {
  BackendTLSPolicy: ["targetRefs", "validation"],
  ListenerSet: ["parentRef", "listeners"],
  ReferenceGrant: ["from", "to"],
};

/** Keeps spec and status. @throws AppError `unavailable` for what lacks a part that is needed. */
export function decodeGatewayObject(kind: GatewayKind, raw: unknown): KubeObject {
  const object = decodeObject(raw, { kind, needs: ["spec"], takes: ["status"] });
  const { spec } = object as { readonly spec?: Readonly<Record<string, unknown>> };
  const missing = REQUIRED[kind]?.find((name) => typeof (spec?.[name] ?? undefined) !== "object");
  if (missing === undefined) return object;
  throw new AppError(
    `the API server sent a ${kind} ${object.metadata.name} without spec.${missing}: ` +
      "install a newer release of the Gateway API",
    { kind: "unavailable" },
  );
}
