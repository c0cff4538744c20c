/** Addresses of a Service, comma separated; kube-vip announces them, users may set them. */
export const addressesAnnotation = "kube-vip.io/loadbalancerIPs";

/** Network interface on which kube-vip announces. */
export const interfaceAnnotation = "kube-vip.io/serviceInterface";

/** `"true"`: kube-vip does not announce the Service, so it needs no address. */
export const ignoreAnnotation = "kube-vip.io/ignore";

/** Addresses that a DHCP server gave, noted by kube-vip. */
export const leasedAnnotation = "kube-vip.io/requestedIP";

/** Why a Service waits for its address. With it, the finalizer beside it is known to be ours. */
export const pendingAnnotation = "berth.dev/pending";

/**
 * The addresses as they were written when the field said the same: while the two agree, a field
 * that says something else is the newer wish. Objects of the peer have none.
 */
export const copiedAnnotation = "berth.dev/field-copy";

/** Marks Services that were given an address. */
export const managedLabel = "implementation";

/** Value of {@link managedLabel}. */
export const managedValue = "kube-vip";

/** Label of kube-vip-cloud-provider's first versions, which kept the address in it. */
export const legacyLabel = "ipam-address";

/** Keeps a Service until its load balancer is gone (KEP-980). */
export const cleanupFinalizer = "service.kubernetes.io/load-balancer-cleanup";
