export { carriedAddresses, grantedAddresses, isUnsure, usedAddresses } from "./carried.ts";
export { claimOf, isForeign, needsCleanup, wantsAddress } from "./claim.ts";
export { interfaceNote } from "./interface_note.ts";
export { problemNotes, writeFailureNote } from "./notes.ts";
export { planService } from "./plan.ts";
export { carriesOther, needsUpdate } from "./service_change.ts";
export type * from "./types.ts";
export { wishOf } from "./wish.ts";
