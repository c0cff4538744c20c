export * from "./address.ts";
export * from "./cidr.ts";
export * from "./special_ranges.ts";
