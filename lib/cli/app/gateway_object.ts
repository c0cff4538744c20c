import { decodeObject } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { GatewayKind } from "./gateway_kinds.ts";

/** Keeps spec and status. */
export function decodeGatewayObject(kind: GatewayKind, raw: unknown): KubeObject {
  return decodeObject(raw, { kind, needs: ["spec"], takes: ["status"] });
}
