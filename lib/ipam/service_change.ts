import { stableJson } from "../core/mod.ts";
import type { Service } from "../kube/types.ts";
import { carriedAddresses } from "./carried.ts";

/**
 * Whether a Service has to be looked at again: something changed that its owner wishes, or one of
 * our marks. What the status says beside addresses does not matter.
 */
export function needsUpdate(before: Service, after: Service): boolean {
  return stableJson(relevant(before)) !== stableJson(relevant(after));
}

/** Whether the addresses that a Service carries changed. */
export function carriesOther(before: Service, after: Service): boolean {
  return carriedAddresses(before).join() !== carriedAddresses(after).join();
}

function relevant({ metadata, spec }: Service): unknown {
  const { uid, annotations, labels, finalizers, deletionTimestamp } = metadata;
  const { type, loadBalancerClass, loadBalancerIP, loadBalancerSourceRanges, ports } = spec;
  const { externalIPs, externalTrafficPolicy, healthCheckNodePort, sessionAffinity } = spec;
  const { ipFamilies, ipFamilyPolicy, selector } = spec;
  return {
    ...{ uid, annotations, finalizers, deletionTimestamp, labels },
    ...{ type, loadBalancerClass, loadBalancerIP, loadBalancerSourceRanges, ports },
    ...{ externalIPs, externalTrafficPolicy, healthCheckNodePort, sessionAffinity },
    ...{ ipFamilies, ipFamilyPolicy, selector },
  };
}
