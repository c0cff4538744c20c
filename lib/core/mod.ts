export * from "./clock.ts";
export * from "./errors.ts";
export * from "./stable_json.ts";
