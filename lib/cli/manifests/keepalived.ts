import { deploymentOf, grant, leaseRules, role, serviceAccount } from "./parts.ts";
import type { Manifest, ManifestOptions } from "./types.ts";

/** Name of every object; other than the peer's, so that both can be installed during a change. */
const name = "berth-keepalived";
const agent = "berth-keepalived-agent";
const namespace = "kube-system";
/** Name of the VIP ConfigMap. */
const vips = "vip-configmap";

/** What `berth keepalived` needs, with the least rights. */
export function keepalivedManifests({ image, serviceCidr }: ManifestOptions): readonly Manifest[] {
  return [
    serviceAccount(name),
    role({ name, cluster: true, rules: clusterRules }),
    grant({ name, cluster: true }),
    role({ name, cluster: false, rules: [...configRules, ...leaseRules(name)] }),
    grant({ name, cluster: false }),
    // without data: applying it again leaves the addresses alone
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: vips, namespace } },
    deploymentOf({ name, image, mode: "keepalived", port: 10253, env: envOf(serviceCidr) }),
    ...agentRights(),
  ];
}

/** What `berth keepalived agent` may read on each node; how it is started there is the node's. */
function agentRights(): readonly Manifest[] {
  const verbs = ["list", "watch"];
  const endpoints = { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs };
  const services = { apiGroups: [""], resources: ["services"], verbs };
  const vip = { apiGroups: [""], resources: ["configmaps"], resourceNames: [vips], verbs };
  return [
    serviceAccount(agent),
    role({ name: agent, cluster: true, rules: [services, endpoints] }),
    grant({ name: agent, cluster: true }),
    role({ name: agent, cluster: false, rules: [vip] }),
    grant({ name: agent, cluster: false }),
  ];
}

/** Stands for a prefix until somebody names one. RFC 5737: it is nobody's. */
export const exampleCidr = "192.0.2.0/24";

/** The prefix is one of the nodes' network that nobody else gives addresses from. */
function envOf(serviceCidr = exampleCidr) {
  return {
    KEEPALIVED_NAMESPACE: namespace,
    KEEPALIVED_CONFIG_MAP: vips,
    KEEPALIVED_SERVICE_CIDR: serviceCidr,
  };
}

const clusterRules = [
  // get: an address is taken back only after a look at the Service itself
  { apiGroups: [""], resources: ["services"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["services/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

const configRules = [
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: [vips],
    verbs: ["get", "list", "watch", "patch"],
  },
];
