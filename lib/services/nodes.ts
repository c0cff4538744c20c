import type { Node } from "../kube/types.ts";

const excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";
const removalTaint = "ToBeDeletedByClusterAutoscaler";

/**
 * Whether a node may take traffic from outside: the rule of the Kubernetes service controller. The
 * exclusion label counts whatever its value, but for `false`. Readiness and cordons do not matter.
 */
export function isEligible({ metadata, spec }: Node): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const label = metadata.labels?.[excludeLabel];
  if (label !== undefined && label.toLowerCase() !== "false") return false;
  return !(spec?.taints ?? []).some(({ key }) => key === removalTaint);
}
