import { duplicate, invalidValue, notSupported, required } from "./causes.ts";
import { equal } from "./json.ts";
import { parseIp } from "./ip_address.ts";
import { HEADLESS, isHeadless, type ServiceSpec } from "./service_types.ts";
import type { Cause } from "./types.ts";

const FAMILIES = ["IPv4", "IPv6"] as const;
const POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"] as const;

const IP_WORDS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

/** Either the spec with its families decided, or what is wrong with it. */
export type FamilyResult = { readonly spec: ServiceSpec } | { readonly causes: readonly Cause[] };

/** What the cluster and the stored Service say about families. */
export interface FamilyContext {
  /** Families of the service networks, the primary one first. */
  readonly families: readonly string[];
  readonly previous?: ServiceSpec | undefined;
}

/** Checks clusterIP(s), families and policy against each other. */
export function familyCauses(spec: ServiceSpec): readonly Cause[] {
  if (spec.type === "ExternalName") return [];
  const causes: Cause[] = [];
  const ips = spec.clusterIPs ?? [];
  if (spec.clusterIP !== undefined && ips.length === 0) causes.push(required("spec.clusterIPs"));
  else if (spec.clusterIP !== undefined && ips[0] !== spec.clusterIP) {
    causes.push(invalidValue("spec.clusterIPs", ips, "first value must match `clusterIP`"));
  } else if (spec.clusterIP === undefined && ips.length > 0) {
    causes.push(
      invalidValue("spec.clusterIPs", ips, "must be empty when `clusterIP` is not specified"),
    );
  }
  return [...causes, ...policyCauses(spec), ...addressCauses(spec)];
}

function policyCauses({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): readonly Cause[] {
  const causes = ipFamilies.flatMap((family, i) => {
    const field = `spec.ipFamilies[${i}]`;
    const unknown = FAMILIES.some((known) => known === family)
      ? []
      : [notSupported(field, family, FAMILIES)];
    return ipFamilies.indexOf(family) < i ? [...unknown, duplicate(field, family)] : unknown;
  });
  if (ipFamilyPolicy === undefined || POLICIES.some((known) => known === ipFamilyPolicy)) {
    return causes;
  }
  return [...causes, notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, POLICIES)];
}

function addressCauses(spec: ServiceSpec): readonly Cause[] {
  const ips = spec.clusterIPs ?? [];
  const field = "spec.clusterIPs";
  if (ips.length === 1 && ips[0] === HEADLESS) return [];
  const headless = ips[0] === HEADLESS
    ? [invalidValue(field, ips, "'None' must be the first and only value")]
    : [];
  const bad = [
    ...headless,
    ...ips.slice(headless.length).flatMap((ip, i) =>
      parseIp(ip) ? [] : [invalidValue(`${field}[${i + headless.length}]`, ip, IP_WORDS)]
    ),
  ];
  if (bad.length > 0) return bad;
  if (ips.length > 2) return [invalidValue(field, ips, "may only hold up to 2 values")];
  const families = ips.map((ip) => parseIp(ip)?.family);
  if (families.length === 2 && families[0] === families[1]) {
    return [invalidValue(field, ips, "may specify no more than one IP for each IP family")];
  }
  return ips.flatMap((ip, i) => {
    const wanted = spec.ipFamilies?.[i];
    if (!FAMILIES.some((known) => known === wanted) || wanted === families[i]) return [];
    const why = `expected an ${wanted} value as indicated by \`ipFamilies[${i}]\``;
    return [invalidValue(`${field}[${i}]`, ip, why)];
  });
}

function defaultPolicy(spec: ServiceSpec, previous: ServiceSpec | undefined): string {
  if (spec.ipFamilyPolicy !== undefined) return spec.ipFamilyPolicy;
  if (previous?.ipFamilyPolicy !== undefined) return previous.ipFamilyPolicy;
  return isSelectorlessHeadless(spec) ? "RequireDualStack" : "SingleStack";
}

function isSelectorlessHeadless(spec: ServiceSpec): boolean {
  return isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;
}

/** Decides policy and families of a Service, as the allocator of the API server does. */
export function decideFamilies(given: ServiceSpec, context: FamilyContext): FamilyResult {
  if (given.type === "ExternalName") return { spec: given };
  const { previous } = context;
  const policy = { ...given, ipFamilyPolicy: defaultPolicy(given, previous) };
  const causes = familyCauses(policy);
  if (causes.length > 0) return { causes };
  const spec = previous ? reduced(policy, previous) : policy;
  const problems = [...(previous ? reductionCauses(spec, previous) : []), ...countCauses(spec)];
  if (problems.length > 0) return { causes: problems };
  const inferred = inferFamilies(spec);
  if (isSelectorlessHeadless(spec)) return { spec: completed(inferred, context.families, true) };
  const unknown = clusterCauses(inferred, context.families);
  if (unknown.length > 0) return { causes: unknown };
  return { spec: completed(inferred, context.families, context.families.length > 1) };
}

/** Going to SingleStack gives back the second address and family. */
function reduced(spec: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  if (spec.ipFamilyPolicy !== "SingleStack") return spec;
  const ips = equal(spec.clusterIPs, previous.clusterIPs) && spec.clusterIPs
    ? { clusterIPs: spec.clusterIPs.slice(0, 1) }
    : {};
  const families = equal(spec.ipFamilies, previous.ipFamilies) && spec.ipFamilies
    ? { ipFamilies: spec.ipFamilies.slice(0, 1) }
    : {};
  return { ...spec, ...ips, ...families };
}

function reductionCauses(spec: ServiceSpec, previous: ServiceSpec): readonly Cause[] {
  if (spec.ipFamilyPolicy === "SingleStack") return [];
  const shorter = (key: "clusterIPs" | "ipFamilies") =>
    (spec[key]?.length ?? 0) === 1 && (previous[key]?.length ?? 0) === 2;
  const cause = (what: string) =>
    invalidValue("spec.ipFamilyPolicy", spec.ipFamilyPolicy, `must be 'SingleStack' to ${what}`);
  return [
    ...(shorter("clusterIPs") ? [cause("release the secondary cluster IP")] : []),
    ...(shorter("ipFamilies") ? [cause("release the secondary IP family")] : []),
  ];
}

function countCauses(spec: ServiceSpec): readonly Cause[] {
  if (spec.ipFamilyPolicy !== "SingleStack") return [];
  const cause = (what: string) =>
    invalidValue(
      "spec.ipFamilyPolicy",
      "SingleStack",
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(spec.clusterIPs?.length === 2 ? [cause("cluster IPs")] : []),
    ...(spec.ipFamilies?.length === 2 ? [cause("IP families")] : []),
  ];
}

function inferFamilies(spec: ServiceSpec): ServiceSpec {
  const given = spec.ipFamilies ?? [];
  const ips = isHeadless(spec) ? [] : spec.clusterIPs ?? [];
  const more = ips.slice(given.length).map((ip) => parseIp(ip)?.family ?? "IPv4");
  return more.length > 0 ? { ...spec, ipFamilies: [...given, ...more] } : spec;
}

function clusterCauses(spec: ServiceSpec, families: readonly string[]): readonly Cause[] {
  const dual = spec.ipFamilyPolicy === "RequireDualStack" && families.length < 2
    ? [invalidValue(
      "spec.ipFamilyPolicy",
      spec.ipFamilyPolicy,
      "this cluster is not configured for dual-stack services",
    )]
    : [];
  const unknown = (spec.ipFamilies ?? []).flatMap((family, i) =>
    families.includes(family)
      ? []
      : [invalidValue(`spec.ipFamilies[${i}]`, family, "not configured on this cluster")]
  );
  return [...dual, ...unknown];
}

function completed(spec: ServiceSpec, families: readonly string[], dual: boolean): ServiceSpec {
  const given = spec.ipFamilies ?? families.slice(0, 1);
  const single = spec.ipFamilyPolicy === "SingleStack" || !dual || given.length > 1;
  const other = given[0] === "IPv4" ? "IPv6" : "IPv4";
  return { ...spec, ipFamilies: single ? given : [...given, other] };
}
