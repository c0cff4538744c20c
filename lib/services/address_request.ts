import { AppError } from "../core/mod.ts";
import { formatAddress, tryParseAddress } from "../net/mod.ts";
import { familyPolicy, requestedTexts } from "../addresses/mod.ts";
import type { AddressRequest } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import type { IpFamily } from "../proxy/types.ts";

export { addressUse } from "../addresses/mod.ts";

/**
 * The addresses that a Service asks for. The annotation wins over `spec.loadBalancerIP`, which
 * cannot name two. Throws AppError `invalid` for text that is no address, two of one family, or a
 * family that the Service does not have.
 */
export function addressRequest(service: Service): AddressRequest {
  const families = service.spec.ipFamilies ?? familiesOfClusterIps(service);
  const { requestedBy: source, texts } = requestedTexts(service);
  const requested = texts.map((text) => requestedAddress(text, { source, families }));
  for (const family of families) {
    const same = requested.filter((address) => tryParseAddress(address)?.family === family);
    if (same.length > 1) {
      throw invalid(`${source} names ${same.join(" and ")}: one ${family} address is allowed`);
    }
  }
  return { families, policy: familyPolicy(service.spec.ipFamilyPolicy), requested };
}

function requestedAddress(
  text: string,
  { source, families }: { source: string; families: readonly IpFamily[] },
): string {
  const address = tryParseAddress(text);
  if (address === undefined) {
    throw invalid(`${source} is "${text}": write an IP address like 172.18.255.10`);
  }
  if (!families.includes(address.family)) {
    throw invalid(
      `${source} is "${text}", but the Service has only ${families.join(", ")}: ` +
        `ask for an address of that family or change spec.ipFamilies`,
    );
  }
  return formatAddress(address);
}

/** Old API servers may leave `ipFamilies` out. */
function familiesOfClusterIps({ spec }: Service): readonly IpFamily[] {
  const ips = spec.clusterIPs ?? [spec.clusterIP ?? ""];
  const families = ips.flatMap((ip) => tryParseAddress(ip)?.family ?? []);
  return families.length === 0 ? ["IPv4"] : families;
}

function invalid(message: string): AppError {
  return new AppError(message, { kind: "invalid" });
}
