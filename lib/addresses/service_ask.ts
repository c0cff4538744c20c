import { formatAddress, tryParseAddress } from "../net/mod.ts";
import type { Service } from "../kube/types.ts";
import {
  addressAnnotations,
  findAnnotation,
  poolAnnotations,
  sharingAnnotations,
  splitValues,
} from "./annotations.ts";
import type { AddressAsk, AddressUse, FamilyPolicy } from "./types.ts";

/** What is known of a Service beside the object itself. */
export interface AskOptions {
  /** Its name in the ledger. */
  readonly key: string;
  /** Labels of its namespace, where pools select by them. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/**
 * What a Service asks for, out of its spec and annotations. The first annotation with a value wins
 * over `spec.loadBalancerIP`, which cannot name two. Never throws: what cannot be read is listed.
 */
export function addressAsk(service: Service, options: AskOptions): AddressAsk {
  const { metadata, spec } = service;
  const { requestedBy, texts } = requestedTexts(service);
  const read = texts.map(readRequested);
  return {
    key: options.key,
    namespace: metadata.namespace ?? "default",
    labels: metadata.labels ?? {},
    namespaceLabels: options.namespaceLabels ?? {},
    families: spec.ipFamilies ?? [],
    policy: familyPolicy(spec.ipFamilyPolicy),
    requested: [...new Set(read.flatMap(({ address }) => address ?? []))],
    requestedBy,
    unreadable: read.flatMap(({ wrong }) => wrong ?? []),
    pool: findAnnotation(service, poolAnnotations)?.value,
    use: addressUse(service),
    backend: backendOf(service, options.key),
  };
}

/** How a Service uses its addresses: its ports and its sharing key. */
export function addressUse(service: Service): AddressUse {
  const ports = (service.spec.ports ?? []).map(({ protocol, port }) =>
    `${protocol ?? "TCP"}/${port}`
  );
  const sharingKey = findAnnotation(service, sharingAnnotations)?.value ?? "";
  return { ports: ports.toSorted(), sharingKey };
}

/** `spec.ipFamilyPolicy` as a closed set. */
export function familyPolicy(text: string | undefined): FamilyPolicy {
  return text === "PreferDualStack" || text === "RequireDualStack" ? text : "SingleStack";
}

/** Texts of the addresses asked for, and where they stand. */
export function requestedTexts(
  service: Service,
): { readonly requestedBy: string; readonly texts: readonly string[] } {
  const annotation = findAnnotation(service, addressAnnotations);
  if (annotation !== undefined) {
    return { requestedBy: `annotation ${annotation.name}`, texts: splitValues(annotation.value) };
  }
  const ip = service.spec.loadBalancerIP?.trim() ?? "";
  return { requestedBy: "spec.loadBalancerIP", texts: ip === "" ? [] : [ip] };
}

/** RFC 1123: kube-vip resolves a host name that stands in place of an address. */
const hostName =
  /^(?=.{1,253}$)(?!.*\.\d+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i;

function readRequested(text: string): { readonly address?: string; readonly wrong?: string } {
  const address = tryParseAddress(text);
  if (address !== undefined) return { address: formatAddress(address) };
  return hostName.test(text) ? { address: text } : { wrong: text };
}

function backendOf({ spec }: Service, key: string): string {
  if (spec.externalTrafficPolicy !== "Local") return "";
  const selector = Object.entries(spec.selector ?? {}).map(([name, value]) => `${name}=${value}`);
  // without a selector nobody knows where its Pods are: it is like no other
  return selector.length === 0 ? key : selector.toSorted().join(",");
}
