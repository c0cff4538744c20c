export {
  addressAnnotations,
  type Annotation,
  findAnnotation,
  sharingAnnotations,
  splitValues,
} from "../addresses/mod.ts";

/** Chooses the data plane of a Service: `kernel` or `embedded`. */
export const planeAnnotation = "berth.dev/plane";

/** CIDRs that may connect, comma separated; `spec.loadBalancerSourceRanges` wins. */
export const sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
