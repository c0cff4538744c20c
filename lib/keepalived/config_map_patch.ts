import { formatState, stateAnnotation } from "./cloud_state.ts";
import type { VipConfigMap, VipRecord, VipState } from "./types.ts";
import { names } from "./vip_book.ts";
import { addressOfKey, formatVipValue, keyOfAddress } from "./vip_entry.ts";

/**
 * The JSON merge patch (RFC 7386) that brings the ConfigMap from one state to the next; undefined
 * when there is nothing to do. It names only keys that a record stands or stood for, so entries of
 * other people stay, and carries the version it was made on, so that a change in between is a
 * conflict.
 */
export function configMapPatch(
  configMap: VipConfigMap,
  { before, after }: { readonly before: VipState; readonly after: VipState },
): unknown {
  const data = { ...given(configMap, after.records), ...taken(configMap, { before, after }) };
  const text = formatState(after);
  const annotations = text === formatState(before) ? {} : { [stateAnnotation]: text };
  if (Object.keys(data).length + Object.keys(annotations).length === 0) return undefined;
  return {
    metadata: { resourceVersion: configMap.resourceVersion, annotations },
    data,
  };
}

type Changes = Record<string, string | null>;

/** Entries that are missing or say something else. */
function given({ data }: VipConfigMap, records: readonly VipRecord[]): Changes {
  const changes: Changes = {};
  const keys = keysByAddress(data);
  for (const [ip, holders] of Map.groupBy(records, (record) => record.ip)) {
    const key = keys.get(ip)?.[0] ?? keyOfAddress(ip);
    // of several holders, which only another program can leave, the one that is served stays
    const shown = holders.find((holder) => names(data[key] ?? "", keyOf(holder))) ?? holders.at(-1);
    const value = shown === undefined ? "" : formatVipValue(shown);
    if (data[key] !== value) changes[key] = value;
  }
  return changes;
}

/** Entries whose record went; one that somebody wrote over is not ours any more. */
function taken(
  { data }: VipConfigMap,
  { before, after }: { readonly before: VipState; readonly after: VipState },
): Changes {
  const changes: Changes = {};
  const keys = keysByAddress(data);
  const held = new Set(after.records.map(({ ip }) => ip));
  for (const record of before.records.filter(({ ip }) => !held.has(ip))) {
    for (const key of keys.get(record.ip) ?? []) {
      if (names(data[key] ?? "", keyOf(record))) changes[key] = null;
    }
  }
  return changes;
}

function keysByAddress(data: VipConfigMap["data"]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const key of Object.keys(data)) {
    const address = addressOfKey(key);
    if (address === undefined) continue;
    const same = keys.get(address) ?? [];
    same.push(key);
    keys.set(address, same);
  }
  return keys;
}

function keyOf({ namespace, name }: VipRecord): string {
  return `${namespace}/${name}`;
}
