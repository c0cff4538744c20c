export { formatState, readState, stateAnnotation } from "./cloud_state.ts";
export { forwardMethodAnnotation, parseForwardMethod } from "./forward_method.ts";
export { planVips, type VipWorld } from "./plan_vips.ts";
export type * from "./types.ts";
export { addressOfKey, formatVipValue, keyOfAddress, parseVipValue } from "./vip_entry.ts";
export { failureNote, releaseNotes, type VipNote, vipNotes } from "./vip_notes.ts";
export { type VipPool, vipPool } from "./vip_pool.ts";
export { keepalivedClass, serviceKey, statusAddresses, wantsVip } from "./vip_request.ts";
