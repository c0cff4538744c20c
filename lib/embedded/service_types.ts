import type { KubeObject } from "./types.ts";

/** One port of a Service after defaulting. */
export type ServicePort = {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
};

/** The members of a Service's spec that the emulator reads; absent ones are undefined. */
export type ServiceSpec = {
  readonly type?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly ServicePort[];
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly sessionAffinity?: string;
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly loadBalancerIP?: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly publishNotReadyAddresses?: boolean;
  readonly trafficDistribution?: string;
};

/** A Service whose spec has been checked for the types of its members. */
export type Service = KubeObject & { readonly spec: ServiceSpec };

/** The value of `clusterIP` of a headless Service. */
export const HEADLESS = "None";

/** True for a Service without a cluster address of its own. */
export function isHeadless(spec: ServiceSpec): boolean {
  return spec.clusterIPs?.[0] === HEADLESS || spec.clusterIP === HEADLESS;
}

/** True for every type that has a cluster address or is headless. */
export function needsClusterIp(spec: ServiceSpec): boolean {
  return spec.type !== "ExternalName";
}

/** True for the types that have node ports. */
export function hasNodePorts(spec: ServiceSpec): boolean {
  return spec.type === "NodePort" || spec.type === "LoadBalancer";
}

/** True when the server gives out node ports. */
export function wantsNodePorts(spec: ServiceSpec): boolean {
  return spec.type === "NodePort" ||
    (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
}

/** True for LoadBalancers with policy Local, which are probed on a node port. */
export function needsHealthCheck(spec: ServiceSpec): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}

/** True when clients outside the cluster may reach the Service. */
export function externallyAccessible(spec: ServiceSpec): boolean {
  return hasNodePorts(spec) ||
    (spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0);
}
