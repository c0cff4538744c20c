export * from "./ownership.ts";
export * from "./plan.ts";
export * from "./references.ts";
export type { SecretCheck } from "./certificates.ts";
export type * from "./types.ts";
