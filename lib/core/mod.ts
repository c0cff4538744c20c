export * from "./clock.ts";
export * from "./errors.ts";
export * from "./label_selector.ts";
export * from "./own_member.ts";
export * from "./stable_json.ts";
export * from "./timestamp.ts";
