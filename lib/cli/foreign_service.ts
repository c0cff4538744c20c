import type { Service } from "../kube/types.ts";
import type { Settings } from "./options.ts";

/** Settings that say whose a Service is. */
export type ClassSettings = Pick<Settings, "enableLoadBalancerClass" | "loadBalancerClassName">;

/**
 * Why a Service is left alone, as `berth ipam` sees it with the same options; undefined when it is
 * served. The class of `berth ipam` counts as its own in both of its modes, so that a look at files
 * needs no options.
 */
export function foreignService(
  { metadata, spec }: Service,
  { enableLoadBalancerClass: byClass, loadBalancerClassName: ours }: ClassSettings,
): string | undefined {
  if (metadata.annotations?.["kube-vip.io/ignore"] === "true") {
    return "annotation kube-vip.io/ignore is true";
  }
  const { loadBalancerClass } = spec;
  if (loadBalancerClass === ours) return undefined;
  if (loadBalancerClass !== undefined) return `its loadBalancerClass is ${loadBalancerClass}`;
  return byClass ? `it has no loadBalancerClass, and only ${ours} is served` : undefined;
}
