export * from "./header_check.ts";
export * from "./regex_check.ts";
export * from "./target_check.ts";
export type * from "./types.ts";
