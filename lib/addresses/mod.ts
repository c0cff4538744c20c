export { allocate, missingFamilies, offersFamily } from "./allocate.ts";
export * from "./annotations.ts";
export { clip } from "./clip.ts";
export { cidrPool, poolsOnly } from "./cidr_pool.ts";
export { decideAddresses } from "./decide.ts";
export {
  type ExplainInput,
  explainPools,
  type Explanation,
  type PoolSurvey,
  surveyPools,
} from "./explain.ts";
export { IntervalSet } from "./interval_set.ts";
export { emptyView, Ledger, type LedgerOptions } from "./ledger.ts";
export { describePool, networkPools, type NetworkRanges, plainPool } from "./network_pools.ts";
export {
  admits,
  interfaceAt,
  interfaceFor,
  poolNamed,
  poolsFor,
  poolUse,
  sharesIn,
} from "./pool_choice.ts";
export type { PoolCustomer } from "./pool_choice.ts";
export { noPools } from "./no_pools.ts";
export { poolOverlaps } from "./pool_overlaps.ts";
export { poolSpecials } from "./pool_specials.ts";
export { type EntryOptions, parseEntries, type PoolEntries } from "./pool_entries.ts";
export { entriesOf, familyPlan, poolFamilies } from "./pool_families.ts";
export { isNearlyFull } from "./pool_fill.ts";
export { formatRange, mergeRanges, subtractRanges } from "./ranges.ts";
export { addressAsk, addressUse, type AskOptions, familyPolicy } from "./service_ask.ts";
export { requestedTexts } from "./service_ask.ts";
export { sharingConflict } from "./sharing.ts";
export type * from "./types.ts";
