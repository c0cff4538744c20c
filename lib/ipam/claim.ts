import type { Service } from "../kube/types.ts";
import {
  cleanupFinalizer,
  ignoreAnnotation,
  managedLabel,
  managedValue,
  pendingAnnotation,
} from "./names.ts";
import type { IpamMode } from "./types.ts";

/** What a Service is to us. */
export type Claim = "serve" | "release" | "leave";

/** Judges a Service by its type, class, marks and finalizer. */
export function claimOf(service: Service, mode: IpamMode): Claim {
  if (needsCleanup(service, mode)) return "release";
  const { metadata } = service;
  if (!wantsAddress(service, mode) || metadata.deletionTimestamp !== undefined) return "leave";
  return isIgnored(service) ? "leave" : "serve";
}

/** Whether somebody else serves a LoadBalancer Service: its address is in another place. */
export function isForeign(service: Service, mode: IpamMode): boolean {
  return service.spec.type === "LoadBalancer" &&
    (!wantsAddress(service, mode) || isIgnored(service));
}

/** Whether it is a LoadBalancer Service of the class that this mode serves. */
export function wantsAddress({ spec }: Service, { loadBalancerClass }: IpamMode): boolean {
  return spec.type === "LoadBalancer" && spec.loadBalancerClass === loadBalancerClass;
}

function isIgnored({ metadata }: Service): boolean {
  return metadata.annotations?.[ignoreAnnotation] === "true";
}

/** Whether marks of ours are on a Service that goes away, or is a LoadBalancer no more. */
export function needsCleanup(service: Service, mode: IpamMode): boolean {
  const { metadata, spec } = service;
  const finalizer = hasFinalizer(service);
  if (metadata.deletionTimestamp !== undefined) {
    return finalizer && (wantsAddress(service, mode) || isMarked(service, mode));
  }
  return spec.type !== "LoadBalancer" && (isManaged(service) || isPending(service) ||
    (finalizer && isMarked(service, mode)));
}

/** Whether the finalizer for load balancers is on it. */
export function hasFinalizer({ metadata }: Service): boolean {
  return metadata.finalizers?.includes(cleanupFinalizer) ?? false;
}

/** Whether it is labelled as one that was given an address. */
export function isManaged({ metadata }: Service): boolean {
  return metadata.labels?.[managedLabel] === managedValue;
}

/** Whether it is noted that it waits for an address. */
export function isPending({ metadata }: Service): boolean {
  return metadata.annotations?.[pendingAnnotation] !== undefined;
}

/**
 * Whether its finalizer is ours. Every load balancer controller uses the same one: without a mark,
 * that of a Service with a class belongs to the class's controller, and with a class of our own
 * that of a Service without one to the cloud's.
 */
function isMarked(service: Service, mode: IpamMode): boolean {
  if (service.spec.type === "LoadBalancer") return wantsAddress(service, mode);
  return isManaged(service) || isPending(service) ||
    (mode.loadBalancerClass === undefined && service.spec.loadBalancerClass === undefined);
}
