import { deploymentOf, leaseAndMapRights, rights, serviceAccount } from "./parts.ts";
import type { Manifest, ManifestOptions } from "./types.ts";

/** Name of every object; other than the peer's, so that both can be installed during a change. */
const name = "berth-ipam";
/** The peer's Lease: whichever of the two holds it works, the other one waits. */
const lease = "kube-vip-cloud-controller";

/** What `berth ipam` needs, with the least rights. */
export function ipamManifests({ image, map, health, env }: ManifestOptions): readonly Manifest[] {
  return [
    serviceAccount(name),
    ...rights({ name, rules: clusterRules }),
    ...leaseAndMapRights(name, { lease, map, verbs: ["list", "watch"] }),
    deploymentOf({ name, image, mode: "ipam", health, env }),
  ];
}

const clusterRules = [
  // addresses are written into spec and metadata; the API server itself clears the status
  { apiGroups: [""], resources: ["services"], verbs: ["list", "watch", "patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  // pools may be meant for the namespaces with certain labels
  { apiGroups: [""], resources: ["namespaces"], verbs: ["list", "watch"] },
  // an address that a node has is given to nobody
  { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
];
