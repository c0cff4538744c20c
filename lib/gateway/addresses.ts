import { canonicalAddress } from "../net/mod.ts";
import type { GatewayInput } from "./plan_types.ts";
import { type Problem, problem } from "./problem.ts";
import type { Gateway } from "./types.ts";

const IP = "IPAddress";

/** IP addresses that `spec.addresses` asks for by value, in canonical text, in the order given. */
export function requestedAddresses(gateway: Gateway): readonly string[] {
  const values = (gateway.spec.addresses ?? [])
    .filter(({ type }) => (type ?? IP) === IP)
    .flatMap(({ value }) => canonicalAddress(value ?? "") ?? []);
  return [...new Set(values)];
}

/** Why the Gateway cannot be accepted for what `spec.addresses` asks for, or undefined. */
export function unsupportedAddress({ spec }: Gateway): Problem | undefined {
  const types = (spec.addresses ?? []).map(({ type }) => type ?? IP)
    .filter((type) => type !== IP && type !== "Hostname");
  const [first] = types;
  if (first === undefined) return undefined;
  const message = `spec.addresses has type "${first}", which is not served: use ${IP}`;
  return problem("UnsupportedAddress", message);
}

/** A sentence for each address that `spec.addresses` asks for and cannot have. */
export function unusableAddresses(
  { gateway, unusable }: Pick<GatewayInput, "gateway" | "unusable">,
): readonly string[] {
  return (gateway.spec.addresses ?? []).flatMap(({ type, value }) => {
    if (value === undefined || value === "") return [];
    const canonical = canonicalAddress(value);
    if ((type ?? IP) !== IP) return [`"${value}" is no IP address: a proxy can have no other`];
    if (canonical === undefined) return [`"${value}" is no IP address: write it like 172.18.0.100`];
    const reason = unusable[value] ?? unusable[canonical];
    return reason === undefined ? [] : [`${value}: ${reason}`];
  });
}
