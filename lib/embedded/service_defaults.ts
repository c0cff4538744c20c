import {
  externallyAccessible,
  hasNodePorts,
  needsClusterIp,
  needsHealthCheck,
  type ServicePort,
  type ServiceSpec,
  wantsNodePorts,
} from "./service_types.ts";
import { equal } from "./json.ts";

const AFFINITY_SECONDS = 10_800;

function defaultPort(port: ServicePort): ServicePort {
  return { ...port, protocol: port.protocol ?? "TCP", targetPort: port.targetPort ?? port.port };
}

function defaultAffinity(spec: ServiceSpec): ServiceSpec {
  const sessionAffinity = spec.sessionAffinity ?? "None";
  const { sessionAffinityConfig, ...rest } = spec;
  if (sessionAffinity === "None") return { ...rest, sessionAffinity };
  const known = sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined;
  const config = known ? sessionAffinityConfig : { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
  return { ...rest, sessionAffinity, sessionAffinityConfig: config };
}

/** Fills in what the API server fills in before it validates. */
export function defaultServiceSpec(given: ServiceSpec): ServiceSpec {
  const spec = defaultAffinity({ ...given, type: given.type ?? "ClusterIP" });
  const typed = spec.type === "ClusterIP" || hasNodePorts(spec);
  return {
    ...spec,
    ...(spec.ports && { ports: spec.ports.map(defaultPort) }),
    ...(externallyAccessible(spec) && {
      externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster",
    }),
    ...(typed && { internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster" }),
    ...(spec.type === "LoadBalancer" && {
      allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true,
    }),
  };
}

/** Allocated values that the client left out are taken from the stored Service. */
export function keepAllocated(next: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  const addresses = needsClusterIp(next) && needsClusterIp(previous)
    ? { clusterIP: next.clusterIP ?? previous.clusterIP, clusterIPs: keptIps(next, previous) }
    : {};
  const health = needsHealthCheck(next) && needsHealthCheck(previous)
    ? { healthCheckNodePort: next.healthCheckNodePort ?? previous.healthCheckNodePort }
    : {};
  const ports = wantsNodePorts(next) && wantsNodePorts(previous)
    ? { ports: keptNodePorts(next.ports ?? [], previous.ports ?? []) }
    : {};
  return defined({ ...next, ...addresses, ...health, ...ports });
}

function keptIps(next: ServiceSpec, previous: ServiceSpec): readonly string[] | undefined {
  const clusterIp = next.clusterIP ?? previous.clusterIP;
  const ips = next.clusterIPs ?? previous.clusterIPs;
  const changed = clusterIp !== previous.clusterIP && equal(ips, previous.clusterIPs);
  return changed && clusterIp !== undefined ? [clusterIp] : ips;
}

/** Node ports follow the port's name, unless another port already took the number. */
function keptNodePorts(
  next: readonly ServicePort[],
  previous: readonly ServicePort[],
): readonly ServicePort[] {
  const named = new Map(previous.map((port) => [port.name, port.nodePort]));
  const taken = new Set(next.map((port) => port.nodePort));
  return next.map((port) => {
    const old = named.get(port.name);
    return port.nodePort !== undefined || old === undefined || taken.has(old)
      ? port
      : { ...port, nodePort: old };
  });
}

/** Clears what the new type has no use for, where the client did not also change it. */
export function dropByType(next: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  const gone: Partial<Record<keyof ServiceSpec, boolean>> = {};
  const lost = (needs: (spec: ServiceSpec) => boolean) => needs(previous) && !needs(next);
  const same = (key: keyof ServiceSpec) => equal(next[key], previous[key]);
  if (lost(needsClusterIp)) {
    gone.clusterIP = gone.clusterIPs = same("clusterIP") && same("clusterIPs");
    gone.ipFamilies = same("ipFamilies");
    gone.ipFamilyPolicy = same("ipFamilyPolicy");
  }
  if (lost(needsHealthCheck)) gone.healthCheckNodePort = same("healthCheckNodePort");
  if (lost((spec) => spec.type === "LoadBalancer")) {
    gone.allocateLoadBalancerNodePorts = same("allocateLoadBalancerNodePorts");
    gone.loadBalancerClass = same("loadBalancerClass");
  }
  if (lost(externallyAccessible)) gone.externalTrafficPolicy = same("externalTrafficPolicy");
  const kept = Object.entries(next).filter(([key]) => !gone[key as keyof ServiceSpec]);
  return withoutLostNodePorts(Object.fromEntries(kept), { next, previous });
}

function withoutLostNodePorts(
  spec: ServiceSpec,
  change: { readonly next: ServiceSpec; readonly previous: ServiceSpec },
): ServiceSpec {
  const { next, previous } = change;
  if (!hasNodePorts(previous) || hasNodePorts(next) || !spec.ports) return spec;
  const old = new Set(previous.ports?.map((port) => port.nodePort));
  if (spec.ports.some(({ nodePort }) => nodePort !== undefined && !old.has(nodePort))) return spec;
  return { ...spec, ports: spec.ports.map(({ nodePort: _gone, ...port }) => port) };
}

function defined(spec: { [K in keyof ServiceSpec]: ServiceSpec[K] | undefined }): ServiceSpec {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
