import { AppError } from "../core/mod.ts";
import type { GatewayInput, GatewayPlan } from "./plan_types.ts";

/**
 * What one Gateway serves and what is told about it, decided from the objects alone. Equal objects
 * in another order give the same plan.
 */
export function planGateway(input: GatewayInput): GatewayPlan {
  const { namespace, name } = input.gateway.metadata;
  throw new AppError(`cannot plan Gateway ${namespace}/${name} yet: use a later build`, {
    kind: "internal",
  });
}
