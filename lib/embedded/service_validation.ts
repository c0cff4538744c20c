import { duplicate, forbiddenField, invalidValue, notSupported, required } from "./causes.ts";
import { equal } from "./json.ts";
import { networkHolds, parseIp, parseNetwork } from "./ip_address.ts";
import { labelCauses, nameCauses, qualifiedNameCauses } from "./name_rules.ts";
import { familyCauses } from "./service_families.ts";
import {
  externallyAccessible,
  hasNodePorts,
  isHeadless,
  needsHealthCheck,
  type ServicePort,
  type ServiceSpec,
} from "./service_types.ts";
import type { Cause } from "./types.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"] as const;
/** The types that must say how traffic inside the cluster goes. */
const TYPED = ["ClusterIP", "LoadBalancer", "NodePort"] as const;
const PROTOCOLS = ["SCTP", "TCP", "UDP"] as const;
const POLICIES = ["Cluster", "Local"] as const;
const DISTRIBUTIONS = ["PreferClose", "PreferSameZone", "PreferSameNode"] as const;
const PORT_WORDS = "must be between 1 and 65535, inclusive";
const ONLY_LB = "may only be used when `type` is 'LoadBalancer'";
const MAX_AFFINITY = 86_400;

function oneOf(field: string, value: string | undefined, set: readonly string[]): readonly Cause[] {
  if (value === undefined) return [required(field)];
  return set.includes(value) ? [] : [notSupported(field, value, set)];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function targetCauses(target: number | string | undefined, field: string): readonly Cause[] {
  if (typeof target === "number") {
    return isPort(target) ? [] : [invalidValue(field, target, PORT_WORDS)];
  }
  const name = target ?? "";
  const rules: readonly (readonly [boolean, string])[] = [
    [name.length <= 15, "must be no more than 15 characters"],
    [
      /^[-a-z0-9]+$/.test(name),
      "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    ],
    [/[a-z]/.test(name), "must contain at least one letter (a-z)"],
    [!name.includes("--"), "must not contain consecutive hyphens"],
    [!/^-|-$/.test(name), "must not begin or end with a hyphen"],
  ];
  return rules.filter(([good]) => !good).map(([, why]) => invalidValue(field, name, why));
}

function portCauses(port: ServicePort, i: number, ports: readonly ServicePort[]): readonly Cause[] {
  const field = `spec.ports[${i}]`;
  const before = ports.slice(0, i);
  const twice = (key: "name" | "nodePort") =>
    port[key] !== undefined &&
    before.some((other) =>
      other[key] === port[key] && (key === "name" || other.protocol === port.protocol)
    );
  return [
    ...(port.name === undefined
      ? ports.length > 1 ? [required(`${field}.name`)] : []
      : nameCauses(port.name, "label", `${field}.name`)),
    ...(twice("name") ? [duplicate(`${field}.name`, port.name)] : []),
    ...(isPort(port.port) ? [] : [invalidValue(`${field}.port`, port.port, PORT_WORDS)]),
    ...oneOf(`${field}.protocol`, port.protocol, PROTOCOLS),
    ...targetCauses(port.targetPort, `${field}.targetPort`),
    ...(port.appProtocol === undefined
      ? []
      : qualifiedNameCauses(port.appProtocol, `${field}.appProtocol`)),
    ...(twice("nodePort") ? [duplicate(`${field}.nodePort`, port.nodePort)] : []),
  ];
}

function portsCauses(spec: ServiceSpec): readonly Cause[] {
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== "ExternalName") {
    return [required("spec.ports")];
  }
  return [
    ...ports.flatMap(portCauses),
    ...(spec.type === "ClusterIP" ? ports.flatMap(clusterPortCauses) : []),
    ...ports.flatMap(({ protocol, port }, i) =>
      ports.slice(0, i).some((other) => other.protocol === protocol && other.port === port)
        ? [duplicate(`spec.ports[${i}]`, { port, protocol })]
        : []
    ),
  ];
}

function clusterPortCauses({ nodePort }: ServicePort, i: number): readonly Cause[] {
  if (nodePort === undefined) return [];
  return [
    forbiddenField(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"),
  ];
}

function shapeCauses(spec: ServiceSpec): readonly Cause[] {
  if (spec.type === "ExternalName") return externalNameCauses(spec);
  if (!isHeadless(spec) || !hasNodePorts(spec)) return [];
  const why = `may not be set to 'None' for ${spec.type} services`;
  return [invalidValue("spec.clusterIPs[0]", "None", why)];
}

function externalNameCauses(spec: ServiceSpec): readonly Cause[] {
  const why = "may not be set for ExternalName services";
  const name = spec.externalName?.replace(/\.$/, "") ?? "";
  return [
    ...(spec.clusterIPs ? [forbiddenField("spec.clusterIPs", why)] : []),
    ...(spec.ipFamilies ? [forbiddenField("spec.ipFamilies", why)] : []),
    ...(spec.ipFamilyPolicy ? [forbiddenField("spec.ipFamilyPolicy", why)] : []),
    ...(name === ""
      ? [required("spec.externalName")]
      : nameCauses(name, "subdomain", "spec.externalName")),
  ];
}

function affinityCauses(spec: ServiceSpec): readonly Cause[] {
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  const field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
  return [
    ...oneOf("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]),
    ...(spec.sessionAffinity === "ClientIP" && seconds !== undefined &&
        (seconds < 1 || seconds > MAX_AFFINITY)
      ? [invalidValue(field, seconds, `must be greater than 0 and less than ${MAX_AFFINITY}`)]
      : []),
  ];
}

function loadBalancerCauses(spec: ServiceSpec): readonly Cause[] {
  const balancer = spec.type === "LoadBalancer";
  // the API server spells this field with a capital letter in its messages
  const ranges = "spec.LoadBalancerSourceRanges";
  const only = (field: string, set: boolean) =>
    !balancer && set ? [forbiddenField(field, ONLY_LB)] : [];
  return [
    ...only(ranges, spec.loadBalancerSourceRanges !== undefined),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((range, i) =>
      parseNetwork(range.trim()) ? [] : [invalidValue(
        `${ranges}[${i}]`,
        range.trim(),
        "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
      )]
    ),
    ...only("spec.allocateLoadBalancerNodePorts", spec.allocateLoadBalancerNodePorts !== undefined),
    ...only("spec.loadBalancerClass", spec.loadBalancerClass !== undefined),
    ...(balancer && spec.loadBalancerClass !== undefined
      ? qualifiedNameCauses(spec.loadBalancerClass, "spec.loadBalancerClass")
      : []),
  ];
}

function trafficCauses(spec: ServiceSpec): readonly Cause[] {
  const field = "spec.externalTrafficPolicy";
  const external = externallyAccessible(spec)
    ? oneOf(field, spec.externalTrafficPolicy, POLICIES)
    : spec.externalTrafficPolicy === undefined
    ? []
    : [
      invalidValue(
        field,
        spec.externalTrafficPolicy,
        "may only be set for externally-accessible services",
      ),
    ];
  return [
    ...external,
    ...healthCauses(spec),
    ...(spec.internalTrafficPolicy === undefined && !TYPED.some((known) => known === spec.type)
      ? []
      : oneOf("spec.internalTrafficPolicy", spec.internalTrafficPolicy, POLICIES)),
    ...(spec.trafficDistribution === undefined
      ? []
      : oneOf("spec.trafficDistribution", spec.trafficDistribution, DISTRIBUTIONS)),
  ];
}

function healthCauses(spec: ServiceSpec): readonly Cause[] {
  const field = "spec.healthCheckNodePort";
  const port = spec.healthCheckNodePort;
  if (needsHealthCheck(spec)) return port === undefined ? [required(field)] : [];
  if (port === undefined) return [];
  const why =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [invalidValue(field, port, why)];
}

/** Networks that no outside client can use, and how the API names them. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ["0.0.0.0/32", "may not be unspecified (0.0.0.0 or ::)"],
  ["::/128", "may not be unspecified (0.0.0.0 or ::)"],
  ["127.0.0.0/8", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["::1/128", "may not be in the loopback range (127.0.0.0/8, ::1/128)"],
  ["169.254.0.0/16", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["fe80::/10", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"],
  ["224.0.0.0/24", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
  ["ff02::/16", "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"],
];

function externalIpCauses(spec: ServiceSpec): readonly Cause[] {
  return (spec.externalIPs ?? []).flatMap((text, i) => {
    const field = `spec.externalIPs[${i}]`;
    const ip = parseIp(text);
    if (!ip) return [invalidValue(field, text, "must be a valid IP address")];
    return SPECIAL.filter(([range]) => {
      const network = parseNetwork(range);
      return network && networkHolds(network, ip);
    }).map(([, why]) => invalidValue(field, text, why));
  });
}

/** Everything that is wrong with a defaulted and allocated Service spec. */
export function serviceCauses(spec: ServiceSpec): readonly Cause[] {
  return [
    ...shapeCauses(spec),
    ...portsCauses(spec),
    ...labelCauses(spec.selector, "spec.selector"),
    ...affinityCauses(spec),
    ...familyCauses(spec),
    ...externalIpCauses(spec),
    ...oneOf("spec.type", spec.type, TYPES),
    ...loadBalancerCauses(spec),
    ...trafficCauses(spec),
  ];
}

/** What may not change between two versions of a Service. */
export function serviceChangeCauses(next: ServiceSpec, previous: ServiceSpec): readonly Cause[] {
  const both = (test: (spec: ServiceSpec) => boolean) => test(next) && test(previous);
  const classChanged = both((spec) => spec.type === "LoadBalancer") &&
    next.loadBalancerClass !== previous.loadBalancerClass;
  const healthChanged = both(needsHealthCheck) &&
    next.healthCheckNodePort !== previous.healthCheckNodePort;
  return [
    ...(both((spec) => spec.type !== "ExternalName") ? addressChangeCauses(next, previous) : []),
    ...(classChanged
      ? [invalidValue("spec.loadBalancerClass", next.loadBalancerClass, "may not change once set")]
      : []),
    ...(healthChanged ? [forbiddenField("spec.healthCheckNodePort", "field is immutable")] : []),
  ];
}

function addressChangeCauses(next: ServiceSpec, previous: ServiceSpec): readonly Cause[] {
  if (isHeadless(next) && isHeadless(previous)) return [];
  const changed = (key: "clusterIPs" | "ipFamilies") => {
    const [a, b] = [next[key] ?? [], previous[key] ?? []];
    const count = Math.min(a.length, b.length);
    return b.length > 0 && (a.length === 0 || !equal(a.slice(0, count), b.slice(0, count)));
  };
  const cause = (field: string, value: readonly string[] | undefined) =>
    invalidValue(field, value ?? null, "may not change once set");
  return [
    ...(changed("clusterIPs") ? [cause("spec.clusterIPs[0]", next.clusterIPs)] : []),
    ...(isHeadless(next) === isHeadless(previous) && changed("ipFamilies")
      ? [cause("spec.ipFamilies[0]", next.ipFamilies)]
      : []),
  ];
}
