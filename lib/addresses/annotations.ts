/** Addresses asked for, comma separated, at most one of each family. Ours first, then the peers'. */
export const addressAnnotations = [
  "berth.dev/addresses",
  "kube-vip.io/loadbalancerIPs",
  "metallb.io/loadBalancerIPs",
  "metallb.universe.tf/loadBalancerIPs",
] as const;

/** Services with the same value may share an address on different ports. */
export const sharingAnnotations = [
  "berth.dev/allow-shared-ip",
  "metallb.io/allow-shared-ip",
  "metallb.universe.tf/allow-shared-ip",
] as const;

/** Names the pool that the addresses shall come from. */
export const poolAnnotations = [
  "berth.dev/address-pool",
  "metallb.io/address-pool",
  "metallb.universe.tf/address-pool",
] as const;

/** An annotation found on an object. */
export interface Annotation {
  readonly name: string;
  readonly value: string;
}

/** An object that may carry annotations. */
export interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** The first of these annotations that an object carries with a non-empty value. */
export function findAnnotation(
  { metadata }: Annotated,
  names: readonly string[],
): Annotation | undefined {
  for (const name of names) {
    const value = metadata.annotations?.[name]?.trim();
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

/** The parts of a comma separated value, trimmed, without empty ones. */
export function splitValues(value: string): readonly string[] {
  return value.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
