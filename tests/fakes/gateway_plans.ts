import { planGateway } from "../../lib/gateway/plan.ts";
import type { GatewayPlan } from "../../lib/gateway/plan_types.ts";
import { gatewayInput, type InputOptions } from "./gateway_input.ts";
import { line, servedAll } from "./gateway_text.ts";

/** A Gateway `gw` with the given listeners and more fields of its spec, in YAML's flow style. */
export function gatewayYaml(listeners: string, more = ""): string {
  return `
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth, listeners: [${listeners}]${more === "" ? "" : `, ${more}`} }
`;
}

/** One more document of a manifest, its spec in flow style. */
export function objectYaml(kind: string, name: string, spec: string): string {
  return `---
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;
}

/** The plan of a manifest. */
export function planOf(manifest: string, options: InputOptions = {}): GatewayPlan {
  return planGateway(gatewayInput(manifest, options));
}

/** Conditions of the Gateway as `Type Status Reason`, when everything is served. */
export function gatewayConditions(plan: GatewayPlan): readonly string[] {
  return (servedAll(plan).gateway.conditions ?? []).map((one) => line({ ...one, message: "" }));
}

/** Conditions of a listener of the Gateway, as {@link gatewayConditions} has them. */
export function listenerConditions(plan: GatewayPlan, name: string): readonly string[] {
  const listener = servedAll(plan).gateway.listeners?.find((one) => one.name === name);
  return (listener?.conditions ?? []).map((one) => line({ ...one, message: "" }));
}

/** Conditions of a route, one list for each parent reference. */
export function routeConditions(plan: GatewayPlan, name: string): readonly (readonly string[])[] {
  const route = servedAll(plan).routes.find((one) => one.name === name);
  return (route?.parents ?? []).map(({ conditions }) =>
    (conditions ?? []).map((one) => line({ ...one, message: "" }))
  );
}
