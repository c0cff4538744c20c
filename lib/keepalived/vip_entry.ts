import { canonicalAddress } from "../net/mod.ts";
import { parseForwardMethod } from "./forward_method.ts";
import type { ForwardMethod, VipRecord } from "./types.ts";

/** The value of a ConfigMap entry. */
export type VipValue =
  /** An address and nothing behind it. */
  | { readonly kind: "address" }
  | {
    readonly kind: "service";
    /** `namespace/name`. */
    readonly service: string;
    readonly method: ForwardMethod;
  }
  | { readonly kind: "bad"; readonly problem: string };

/**
 * Reads `namespace/name[:METHOD]` as kube-keepalived-vip does: NAT without a method, an empty value
 * is an address alone.
 */
export function parseVipValue(text: string): VipValue {
  const value = text.trim();
  if (value === "") return { kind: "address" };
  const [, service = "", methodText] = /^([^/:\s]+\/[^/:\s]+)(?::([^:]*))?$/.exec(value) ?? [];
  if (service === "") {
    return { kind: "bad", problem: `"${value}" is not namespace/name or namespace/name:METHOD` };
  }
  const method = methodText === undefined ? "NAT" : parseForwardMethod(methodText);
  if (method !== undefined) return { kind: "service", service, method };
  return { kind: "bad", problem: `method "${methodText}" of "${value}" is not NAT, DR or PROXY` };
}

/** The value that a record stands for; no method, no suffix. */
export function formatVipValue({ namespace, name, method }: Omit<VipRecord, "uid" | "ip">): string {
  const suffix = method === undefined || method === "" ? "" : `:${method}`;
  return `${namespace}/${name}${suffix}`;
}

/**
 * The key of an address. A ConfigMap key cannot hold a colon, so IPv6 is written with dashes, as
 * in UNC literals: `fd00--1`.
 *
 * @example
 * ```ts
 * import { addressOfKey, keyOfAddress } from "./vip_entry.ts";
 * if (keyOfAddress("fd00::1") !== "fd00--1") throw new Error("not a key");
 * if (addressOfKey("fd00--1") !== "fd00::1") throw new Error("not the address");
 * ```
 */
export function keyOfAddress(address: string): string {
  return address.replaceAll(":", "-");
}

/** The canonical address that a key means, or undefined for any other key. */
export function addressOfKey(key: string): string | undefined {
  return canonicalAddress(key) ?? canonicalAddress(key.replaceAll("-", ":"));
}
