import { type Address, canonicalAddress, formatAddress, tryParseAddress } from "../net/mod.ts";
import type { Service } from "../kube/types.ts";
import type { IpFamily } from "../proxy/types.ts";

/** Class of Services for this mode; a Service without a class is served as well. */
export const keepalivedClass = "berth.dev/keepalived";

/** True for a Service that is to have an address from us. */
export function wantsVip({ metadata, spec }: Service): boolean {
  const { type, loadBalancerClass } = spec;
  return type === "LoadBalancer" && metadata.deletionTimestamp === undefined &&
    (loadBalancerClass === undefined || loadBalancerClass === keepalivedClass);
}

/** `namespace/name` of a Service. */
export function serviceKey({ metadata }: Service): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}

/** What `spec.loadBalancerIP` asks for. */
export type VipRequest =
  | { readonly kind: "any" }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "bad"; readonly problem: string };

/** Reads `spec.loadBalancerIP`; any address will do, inside the CIDR or not. */
export function vipRequest(service: Service): VipRequest {
  const text = service.spec.loadBalancerIP?.trim() ?? "";
  if (text === "") return { kind: "any" };
  const address = tryParseAddress(text);
  if (address === undefined || !isForOne(address)) {
    const what = address === undefined ? "an IP address" : "one that a Service can have,";
    return {
      kind: "bad",
      problem: `spec.loadBalancerIP is "${text}": write ${what} like 10.0.0.10`,
    };
  }
  const problem = familyProblem(service, address.family, `spec.loadBalancerIP ${text}`);
  return problem === undefined
    ? { kind: "address", address: formatAddress(address) }
    : { kind: "bad", problem };
}

/** False for what no interface is reached at: unspecified, loopback, multicast, broadcast. */
function isForOne({ family, value }: Address): boolean {
  if (family === "IPv6") return value > 1n && value >> 120n !== 0xffn;
  const first = value >> 24n;
  return first !== 0n && first !== 127n && first < 224n;
}

/** Why an address of a family is of no use to a Service. */
export function familyProblem(
  { spec }: Service,
  family: IpFamily,
  what: string,
): string | undefined {
  if (spec.ipFamilies === undefined || spec.ipFamilies.includes(family)) return undefined;
  return `${what} is ${family}, but the Service has only ${spec.ipFamilies.join(", ")}: ` +
    `change spec.ipFamilies or ask for an address of that family`;
}

/** Addresses that the status of a Service shows already. */
export function statusAddresses({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? [])
    .flatMap(({ ip }) => ip === undefined ? [] : canonicalAddress(ip) ?? []);
}
