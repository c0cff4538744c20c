import type { GatewayClass } from "../../gateway/types.ts";

/** Classes that berth makes, and the controllers that they name: the peer's, and our own. */
export const GATEWAY_CLASSES: readonly { readonly name: string; readonly controller: string }[] = [
  { name: "cloud-provider-kind", controller: "kind.sigs.k8s.io/gateway-controller" },
  { name: "berth", controller: "berth.dev/gateway-controller" },
];

/** True for controller names under which berth writes into statuses. */
export function isOurController(name: string): boolean {
  return GATEWAY_CLASSES.some(({ controller }) => controller === name);
}

/** True for classes whose status is ours to write. */
export function isOurClass(gatewayClass: GatewayClass): boolean {
  return isOurController(gatewayClass.spec.controllerName);
}

/** True for classes whose Gateways are served. */
export function isServedClass(gatewayClass: GatewayClass): boolean {
  return isOurClass(gatewayClass) && gatewayClass.spec.parametersRef === undefined;
}
