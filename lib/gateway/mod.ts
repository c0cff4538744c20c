export type * from "./plan_types.ts";
export type * from "./types.ts";
