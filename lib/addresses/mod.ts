export { allocate } from "./allocate.ts";
export { IntervalSet } from "./interval_set.ts";
export { Ledger } from "./ledger.ts";
export { describePool, networkPools, type NetworkRanges } from "./network_pools.ts";
export { sharingConflict } from "./sharing.ts";
export type * from "./types.ts";
