import { splitValues } from "../addresses/mod.ts";
import { canonicalAddress } from "../net/mod.ts";
import type { Service } from "../kube/types.ts";
import { claimOf, hasFinalizer, isManaged, isPending } from "./claim.ts";
import { addressesAnnotation, copiedAnnotation, leasedAnnotation } from "./names.ts";
import type { IpamMode } from "./types.ts";

/**
 * Every address that a LoadBalancer Service carries, whoever gave it: those in the annotation
 * first, then the field's, the status's and those of DHCP. Canonical text, each once.
 */
export function carriedAddresses(service: Service): readonly string[] {
  if (service.spec.type !== "LoadBalancer") return [];
  return canonical([...givenTexts(service), fieldText(service), ...announcedTexts(service)]);
}

/**
 * The addresses that a Service has from before a start: all that it carries, without those that its
 * owner asks for and that nobody has granted yet.
 */
export function grantedAddresses(service: Service, mode: IpamMode): readonly string[] {
  const accepted = isManaged(service) || isCopied(service) ||
    (hasFinalizer(service) && !isPending(service));
  if (!accepted) return usedAddresses(service, mode);
  if (isUnsure(service)) return carriedAddresses(service);
  // beside an annotation the field is its copy, or counts for nothing
  const given = givenTexts(service);
  return canonical([
    ...(given.length > 0 ? given : [fieldText(service)]),
    ...usedAddresses(service, mode),
  ]);
}

/**
 * The addresses that a Service uses, whatever was decided: those that are announced, and all that
 * others have. Labels and annotations of our own Services prove nothing here: anybody may write them.
 */
export function usedAddresses(service: Service, mode: IpamMode): readonly string[] {
  if (service.spec.type !== "LoadBalancer") return [];
  if (claimOf(service, mode) !== "serve") return carriedAddresses(service);
  return canonical(announcedTexts(service));
}

/**
 * Whether an address in a Service may be a wish that nobody has granted yet: its owner changed the
 * annotation or the field since we wrote them, or it waits. What others have for sure goes before.
 */
export function isUnsure(service: Service): boolean {
  if (isCopied(service)) return false;
  return isPending(service) ||
    (isManaged(service) && fieldText(service) !== "" && !isAllocated(service));
}

/** Whether its owner wrote over our field, and the annotation still says what the Service has. */
export function isFieldOverOurs(service: Service): boolean {
  return isManaged(service) && isCopied(service) && fieldText(service) !== "" &&
    givenTexts(service)[0] !== fieldText(service);
}

/** What is in the status, and what a DHCP server gave. */
function announcedTexts(service: Service): readonly string[] {
  const { metadata, status } = service;
  const dhcp = [...givenTexts(service), fieldText(service)]
    .some((text) => text === "0.0.0.0" || text === "::");
  const leased = dhcp ? splitValues(metadata.annotations?.[leasedAnnotation] ?? "") : [];
  return [
    ...(status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? ""),
    // one of each family
    ...leased.slice(0, 2),
  ];
}

function canonical(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => canonicalAddress(text) ?? []))];
}

/** The annotation's parts, trimmed: addresses, and host names that kube-vip resolves. */
export function givenTexts({ metadata }: Service): readonly string[] {
  return splitValues(metadata.annotations?.[addressesAnnotation] ?? "");
}

/** Whether the annotation is as we wrote it, so that the field rules. */
export function isCopied({ metadata: { annotations = {} } }: Service): boolean {
  const copy = annotations[copiedAnnotation];
  return copy !== undefined && copy === annotations[addressesAnnotation];
}

/** The field's text; empty when it is not set. */
export function fieldText({ spec }: Service): string {
  return spec.loadBalancerIP?.trim() ?? "";
}

/**
 * Whether the addresses were chosen for the Service, by us or by the peer, and not by its owner:
 * only then are label, annotation and field there, and agree.
 */
export function isAllocated(service: Service): boolean {
  const [first = ""] = givenTexts(service);
  // nobody chooses host names
  return canonicalAddress(first) !== undefined && isManaged(service) &&
    first === fieldText(service);
}
