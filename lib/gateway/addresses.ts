import { canonicalAddress } from "../net/mod.ts";
import type { Gateway } from "./types.ts";

/** IP addresses that `spec.addresses` asks for by value, in canonical text, in the order given. */
export function requestedAddresses(gateway: Gateway): readonly string[] {
  const values = (gateway.spec.addresses ?? [])
    .filter(({ type }) => (type ?? "IPAddress") === "IPAddress")
    .flatMap(({ value }) => canonicalAddress(value ?? "") ?? []);
  return [...new Set(values)];
}
