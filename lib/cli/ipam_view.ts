import type { ExplainInput } from "../addresses/mod.ts";
import { claimOf, grantedAddresses, isForeign, isUnsure, wishOf } from "../ipam/mod.ts";
import type { IpamMode } from "../ipam/types.ts";
import type { Service } from "../kube/types.ts";
import type { Settings } from "./options.ts";

/** Settings that say whose a Service is. */
export type ClassSettings = Pick<Settings, "enableLoadBalancerClass" | "loadBalancerClassName">;

/**
 * Services as `berth ipam` with the same options sees them: what they have, what they ask for, and
 * which it leaves alone.
 */
export function ipamView(
  settings: ClassSettings,
): Pick<ExplainInput, "ask" | "existing" | "foreign" | "unsure"> {
  const { enableLoadBalancerClass, loadBalancerClassName } = settings;
  const mode: IpamMode = {
    loadBalancerClass: enableLoadBalancerClass ? loadBalancerClassName : undefined,
  };
  return {
    // what berth chose and wrote into a Service is no wish of its owner
    ask: (service, options) => {
      const { ask } = wishOf(service, { namespaceLabels: {}, ...options, served: undefined });
      return isForeign(service, mode) ? { ...ask, use: { ...ask.use, foreign: true } } : ask;
    },
    existing: (service) => grantedAddresses(service, mode),
    unsure: isUnsure,
    foreign: (service) =>
      claimOf(service, mode) === "serve" ? undefined : reasonOf(service, settings),
  };
}

function reasonOf({ metadata, spec }: Service, settings: ClassSettings): string {
  const { enableLoadBalancerClass: byClass, loadBalancerClassName: ours } = settings;
  const { loadBalancerClass } = spec;
  if (metadata.deletionTimestamp !== undefined) return "it is being deleted";
  if (loadBalancerClass === undefined && byClass) {
    return `it has no loadBalancerClass, and only ${ours} is served: ` +
      "leave out --enable-loadbalancerclass to serve it";
  }
  if (loadBalancerClass !== undefined && (!byClass || loadBalancerClass !== ours)) {
    const name = loadBalancerClass === ours ? "" : ` --loadbalancerclass-name ${loadBalancerClass}`;
    return `its loadBalancerClass is ${loadBalancerClass}: ` +
      `only ipam --enable-loadbalancerclass${name} would serve it`;
  }
  return "annotation kube-vip.io/ignore is true";
}
