import { errorKind, errorText } from "../core/mod.ts";
import type { Outcome } from "../dispatch/types.ts";
import { NoNodeError } from "./plan.ts";

/** Event reasons of the Kubernetes service controller, by what failed. */
const reasons = {
  ensure: "SyncLoadBalancerFailed",
  noNodes: "UnAvailableLoadBalancer",
} as const;

/** The outcome of a job that threw: the message names the field, its value and the remedy. */
export function failure(error: unknown): Outcome & { kind: "failed" } {
  const message = errorText(error);
  const reason = error instanceof NoNodeError ? reasons.noNodes : reasons.ensure;
  return {
    kind: "failed",
    errorKind: errorKind(error),
    message,
    events: [{ type: "Warning", reason, message }],
  };
}
