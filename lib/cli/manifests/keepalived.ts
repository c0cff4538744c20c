import { deploymentOf, leaseAndMapRights, mapRule, rights, serviceAccount } from "./parts.ts";
import type { ObjectPlace } from "../app/keepalived_settings.ts";
import type { Manifest, ManifestOptions } from "./types.ts";

/** Name of every object; other than the peer's, so that both can be installed during a change. */
const name = "berth-keepalived";
const agent = "berth-keepalived-agent";

/** What `berth keepalived` needs, with the least rights. */
export function keepalivedManifests(
  { image, map, health, env }: ManifestOptions,
): readonly Manifest[] {
  return [
    serviceAccount(name),
    ...rights({ name, rules: clusterRules }),
    ...leaseAndMapRights(name, { lease: name, map, verbs: ["get", "list", "watch", "patch"] }),
    // without data: applying it again leaves the addresses alone
    { apiVersion: "v1", kind: "ConfigMap", metadata: { ...map } },
    deploymentOf({ name, image, mode: "keepalived", health, env }),
    ...agentRights(map),
  ];
}

/** What `berth keepalived agent` may read on each node; how it is started there is the node's. */
function agentRights(map: ObjectPlace): readonly Manifest[] {
  const verbs = ["list", "watch"];
  const endpoints = { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs };
  const services = { apiGroups: [""], resources: ["services"], verbs };
  return [
    serviceAccount(agent),
    ...rights({ name: agent, rules: [services, endpoints] }),
    ...rights({ name: agent, namespace: map.namespace, rules: [mapRule(map, verbs)] }),
  ];
}

const clusterRules = [
  // get: an address is taken back only after a look at the Service itself
  { apiGroups: [""], resources: ["services"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["services/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  // an address that a node has is given to nobody; without this right it goes on all the same
  { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
];
