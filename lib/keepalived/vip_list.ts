import { tryParseAddress } from "../net/mod.ts";
import type { Vip, VipList } from "./conf_types.ts";
import type { VipConfigMap } from "./types.ts";
import { addressOfKey, parseVipValue, type VipValue } from "./vip_entry.ts";

/** Reads the entries of a VIP ConfigMap; one that cannot be read spoils itself alone. */
export function vipList(data: VipConfigMap["data"]): VipList {
  const problems: string[] = [];
  const found = new Map<string, Vip>();
  for (const [key, text] of Object.entries(data).toSorted()) {
    const address = addressOfKey(key);
    const family = tryParseAddress(address ?? "")?.family;
    const value = parseVipValue(text);
    if (address === undefined || family === undefined) {
      problems.push(`entry "${key}" is no address: name it like 10.0.0.10 or fd00--10`);
    } else if (value.kind === "bad") {
      problems.push(`entry ${key}: ${value.problem}`);
    } else if (found.has(address)) {
      problems.push(`entry ${key} repeats ${address}: remove one of the two`);
    } else {
      found.set(address, { ...vipOf(value), address, family });
    }
  }
  return { vips: [...found.values()].toSorted(byAddress), problems };
}

function vipOf(value: Exclude<VipValue, { kind: "bad" }>): Pick<Vip, "service" | "method"> {
  return value.kind === "address" ? {} : { service: value.service, method: value.method };
}

function byAddress(a: Vip, b: Vip): number {
  if (a.family !== b.family) return a.family === "IPv4" ? -1 : 1;
  const [x, y] = [a, b].map(({ address }) => tryParseAddress(address)?.value ?? 0n);
  return (x ?? 0n) < (y ?? 0n) ? -1 : 1;
}
