import { formatState, recordSize, stateAnnotation } from "./cloud_state.ts";
import { formatVipValue } from "./vip_entry.ts";
import type { VipConfigMap, VipRecord, VipState } from "./types.ts";

/** The API server refuses an object whose annotations, keys and values, are larger; bytes. */
const annotationLimit = 256 * 1024;
/** The API server refuses a ConfigMap whose values are larger together; bytes. */
const dataLimit = 1024 * 1024;

/** Room left in the ConfigMap, so that one Service too many does not stop the others. */
export class SizeLimits {
  #annotations: number;
  #data: number;

  constructor(configMap: VipConfigMap, state: VipState) {
    const others = Object.entries(configMap.annotations)
      .filter(([key]) => key !== stateAnnotation);
    this.#annotations = bytes(stateAnnotation + formatState(state)) +
      bytes(others.flat().join(""));
    this.#data = bytes(Object.values(configMap.data).join(""));
  }

  /** Takes the room for a record in place of another one, or says why there is none. */
  take(record: VipRecord, before?: VipRecord): string | undefined {
    const grows = recordSize(record) - (before === undefined ? 0 : recordSize(before));
    const longer = bytes(formatVipValue(record)) -
      (before === undefined ? 0 : bytes(formatVipValue(before)));
    const annotations = this.#annotations + grows;
    if (grows > 0 && annotations > annotationLimit) {
      return `annotation ${stateAnnotation} of the VIP ConfigMap is at its limit of 256 KiB: ` +
        `remove LoadBalancer Services`;
    }
    const data = this.#data + longer;
    if (longer > 0 && data > dataLimit) {
      return `the VIP ConfigMap is at its limit of 1 MiB: remove entries from it`;
    }
    this.#annotations = annotations;
    this.#data = data;
    return undefined;
  }
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
