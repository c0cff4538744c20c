import { AppError } from "../core/mod.ts";
import { formatAddress, tryParseAddress } from "../net/mod.ts";
import type { AddressRequest, AddressUse } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import type { IpFamily } from "../proxy/types.ts";
import {
  addressAnnotations,
  findAnnotation,
  sharingAnnotations,
  splitValues,
} from "./annotations.ts";

/**
 * The addresses that a Service asks for. The annotation wins over `spec.loadBalancerIP`, which
 * cannot name two. Throws AppError `invalid` for text that is no address, two of one family, or a
 * family that the Service does not have.
 */
export function addressRequest(service: Service): AddressRequest {
  const families = service.spec.ipFamilies ?? familiesOfClusterIps(service);
  const { source, values } = requestedTexts(service);
  const requested = values.map((text) => requestedAddress(text, { source, families }));
  for (const family of families) {
    const same = requested.filter((address) => tryParseAddress(address)?.family === family);
    if (same.length > 1) {
      throw invalid(`${source} names ${same.join(" and ")}: one ${family} address is allowed`);
    }
  }
  return { families, requested };
}

/** How a Service uses its addresses: its ports and its sharing key. */
export function addressUse(service: Service): AddressUse {
  const ports = (service.spec.ports ?? []).map(({ protocol, port }) =>
    `${protocol ?? "TCP"}/${port}`
  );
  const sharingKey = findAnnotation(service, sharingAnnotations)?.value ?? "";
  return { ports: ports.toSorted(), sharingKey };
}

function requestedTexts(service: Service): { source: string; values: readonly string[] } {
  const annotation = findAnnotation(service, addressAnnotations);
  if (annotation !== undefined) {
    return { source: `annotation ${annotation.name}`, values: splitValues(annotation.value) };
  }
  const ip = service.spec.loadBalancerIP?.trim() ?? "";
  return { source: "spec.loadBalancerIP", values: ip === "" ? [] : [ip] };
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
