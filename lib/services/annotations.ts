export {
  addressAnnotations,
  type Annotation,
  findAnnotation,
  sharingAnnotations,
  splitValues,
} from "../addresses/mod.ts";

/** Chooses the data plane of a Service: `kernel`, `envoy` or `embedded`. */
export const planeAnnotation = "berth.dev/plane";

/** PROXY protocol towards TCP endpoints, `v1` or `v2`: of planes that are proxies. */
export const proxyProtocolAnnotation = "berth.dev/proxy-protocol";

/** CIDRs that may connect, comma separated; `spec.loadBalancerSourceRanges` wins. */
export const sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
