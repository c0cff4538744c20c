import { asKubeObject, createObject } from "./write_create.ts";
import { formatIp, parseNetwork } from "./ip_address.ts";
import type { JsonObject } from "./json.ts";
import type { Registry } from "./registry.ts";
import { updateObject } from "./write_update.ts";

/** The nodes of the sample cluster. */
export const SAMPLE_NODES = ["berth-dev-control-plane", "berth-dev-worker"] as const;

const SYSTEM_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"] as const;

function put(
  registry: Registry,
  plural: string,
  body: JsonObject & { readonly namespace?: string },
): void {
  const { namespace, ...object } = body;
  const row = registry.rows.find((known) => known.plural === plural && !known.storedAs);
  if (!row) return;
  createObject(registry, row, { namespace, object: asKubeObject(object) });
  const wanted = asKubeObject(object);
  if (!wanted.status) return;
  updateObject(registry, row, {
    namespace,
    name: wanted.metadata.name,
    subresource: "status",
    change: (stored) => ({ ...stored, ...(wanted.status && { status: wanted.status }) }),
  });
}

function condition(type: string, status: string, reason: string): JsonObject {
  return { type, status, reason, message: reason };
}

function node(name: string, address: string): JsonObject {
  const control = name.endsWith("control-plane");
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    ...(control && { "node-role.kubernetes.io/control-plane": "" }),
  };
  return {
    metadata: { name, labels },
    spec: { podCIDR: control ? "10.244.0.0/24" : "10.244.1.0/24" },
    status: {
      addresses: [{ type: "InternalIP", address }, { type: "Hostname", address: name }],
      capacity: { cpu: "2", memory: "4Gi", pods: "110" },
      allocatable: { cpu: "2", memory: "4Gi", pods: "110" },
      conditions: [condition("Ready", "True", "KubeletReady")],
      nodeInfo: {
        kubeletVersion: "v1.36.3",
        osImage: "berth embedded",
        kernelVersion: "",
        containerRuntimeVersion: "berth://embedded",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  };
}

/** The first address of a network, which the `kubernetes` Service always has. */
function firstAddress(network: string): string {
  const parsed = parseNetwork(network);
  return parsed ? formatIp({ family: parsed.family, value: parsed.base + 1n }) : "";
}

/**
 * Creates the namespaces that every cluster has, and the `kubernetes` Service.
 *
 * @param network the primary service network
 */
export function seedSystem(registry: Registry, network: string): void {
  for (const name of SYSTEM_NAMESPACES) put(registry, "namespaces", { metadata: { name } });
  put(registry, "services", {
    namespace: "default",
    metadata: { name: "kubernetes", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: firstAddress(network),
      ports: [{ name: "https", port: 443, targetPort: 6443 }],
    },
  });
}

/** Creates two ready nodes, one of them a control plane. */
export function seedNodes(registry: Registry): void {
  for (const [i, name] of SAMPLE_NODES.entries()) {
    put(registry, "nodes", node(name, `127.76.0.${i + 2}`));
  }
}
