import type { ExplainInput } from "../addresses/mod.ts";
import { claimOf, grantedAddresses, wishOf } from "../ipam/mod.ts";
import type { IpamMode } from "../ipam/types.ts";
import type { Service } from "../kube/types.ts";
import type { Settings } from "./options.ts";

/** Settings that say whose a Service is. */
export type ClassSettings = Pick<Settings, "enableLoadBalancerClass" | "loadBalancerClassName">;

/**
 * Services as `berth ipam` with the same options sees them: what they have, and which it leaves
 * alone. Its class counts as its own in both of its modes, so that a look at files needs no options.
 */
export function ipamView(
  settings: ClassSettings,
): Pick<ExplainInput, "ask" | "existing" | "foreign"> {
  return {
    // what berth chose and wrote into a Service is no wish of its owner
    ask: (service, options) =>
      wishOf(service, { namespaceLabels: {}, ...options, served: undefined }).ask,
    existing: (service) => grantedAddresses(service, modeOf(service, settings)),
    foreign: (service) => {
      const mode = modeOf(service, settings);
      return claimOf(service, mode) === "serve" ? undefined : reasonOf(service, settings);
    },
  };
}

function modeOf({ spec }: Service, settings: ClassSettings): IpamMode {
  const { enableLoadBalancerClass, loadBalancerClassName: loadBalancerClass } = settings;
  const byClass = enableLoadBalancerClass || spec.loadBalancerClass === loadBalancerClass;
  return { loadBalancerClass: byClass ? loadBalancerClass : undefined };
}

function reasonOf({ metadata, spec }: Service, settings: ClassSettings): string {
  const { enableLoadBalancerClass: byClass, loadBalancerClassName: ours } = settings;
  const { loadBalancerClass } = spec;
  if (metadata.deletionTimestamp !== undefined) return "it is being deleted";
  if (loadBalancerClass === undefined && byClass) {
    return `it has no loadBalancerClass, and only ${ours} is served`;
  }
  if (loadBalancerClass !== undefined && loadBalancerClass !== ours) {
    return `its loadBalancerClass is ${loadBalancerClass}`;
  }
  return "annotation kube-vip.io/ignore is true";
}
