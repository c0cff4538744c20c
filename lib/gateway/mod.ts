export * from "./addresses.ts";
export * from "./crds/bundle.ts";
export * from "./features.ts";
export * from "./gateway_class.ts";
export { certificatesAlone, keyPairProblem } from "./pem.ts";
export * from "./plan.ts";
export type * from "./plan_types.ts";
export { type GatewayObjects, gatewayReferences, permittedReferences } from "./references.ts";
export type * from "./types.ts";
