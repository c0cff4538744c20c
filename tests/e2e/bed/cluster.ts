/** Brings a kind-shaped cluster up and takes it down again. */
import { join } from "node:path";
import { docker, until } from "./engine.ts";
import { ensureBackendImage, ensureNodeImage } from "./images.ts";
import { ignore, KubeApi } from "./kube_api.ts";
import { BED, BED_CLUSTER } from "./labels.ts";
import {
  ensureNetwork,
  type NodeContainer,
  nodeContainers,
  removeContainers,
  startNodeContainer,
  writeFiles,
} from "./nodes.ts";
import { ensureParts } from "./parts.ts";
import { issueServing, kubeconfig, makeAuthority } from "./pki.ts";
import { endProcess, startKubelet } from "./processes.ts";
import { apiHost, clusterDirectory, type ClusterShape, type NodeShape } from "./shape.ts";
import { DNS_PORT, type NodeFiles, type NodeParts, unitsOf } from "./units.ts";

const READY_MS = 90_000;

/** Makes the cluster; returns when its nodes are ready for Pods. */
export async function bringUp(shape: ClusterShape, runId: string): Promise<void> {
  if ((await nodeContainers(shape.name)).size > 0) {
    throw new Error(`cluster "${shape.name}" exists: take it down first, or choose another name`);
  }
  const parts = await prepare(shape, runId);
  const pki = join(shape.directory, "pki");
  await Promise.all([
    ...shape.nodes.map((node) => startNodeContainer(shape, node, runId)),
    makeAuthority(pki),
  ]);
  const containers = await nodeContainers(shape.name);
  await writeKubeconfigs(shape, pki, containers);
  await Promise.all(shape.nodes.map((node) => startUnits(shape, node, parts)));
  await startKubelet({ shape, runId });
  await waitReady(shape, containers);
}

/** Removes everything of a cluster; fine when there is nothing (left). */
export async function takeDown(name: string): Promise<void> {
  const directory = clusterDirectory(name);
  await endProcess(join(directory, "kubelet.pid"));
  // Pods share namespaces with nodes, but nothing else; the order only keeps the log quiet.
  await removeContainers(`${BED_CLUSTER}=${name}`);
  await Deno.remove(directory, { recursive: true }).catch(() => {});
}

/**
 * Removes what earlier runs left: by label only, and only what BERTH_BED_OWNER made if that is set.
 * Returns the names of the clusters removed.
 */
export async function removeLeftovers(): Promise<string[]> {
  const owner = Deno.env.get("BERTH_BED_OWNER");
  const label = owner === undefined ? BED : `${BED}=${owner}`;
  const format = `{{.Label "${BED_CLUSTER}"}}`;
  const names = await docker("ps", "-a", "--filter", `label=${label}`, "--format", format);
  const clusters = [...new Set(names.split("\n").filter(Boolean))];
  for (const name of clusters) await takeDown(name);
  const networks = await docker("network", "ls", "-q", "--filter", `label=${label}`);
  for (const id of networks.split("\n").filter(Boolean)) {
    // A network that someone else has joined in the meantime stays.
    await docker("network", "rm", id).catch(() => {});
  }
  return clusters;
}

async function prepare(shape: ClusterShape, runId: string): Promise<NodeParts> {
  const parts = await ensureParts(["etcd", "kubernetes", "coredns", "nodeapi", "kubectl"]);
  await Promise.all([
    ensureNodeImage(),
    ensureBackendImage(),
    ensureNetwork(shape.network, runId),
    Deno.remove(shape.directory, { recursive: true }).catch(() => {}),
  ]);
  return parts;
}

/** `admin.conf` for inside, `kubeconfig` for the host, and the API server's certificate. */
async function writeKubeconfigs(
  shape: ClusterShape,
  pki: string,
  containers: ReadonlyMap<string, NodeContainer>,
): Promise<void> {
  const host = containers.get(apiHost(shape).name);
  const all = [...containers.values()];
  const addresses = all.flatMap((one) => [one.ipv4, one.ipv6]).filter(Boolean);
  const names = all.map((one) => one.name);
  await issueServing(pki, names, [...shape.apiServiceAddresses, ...addresses]);
  const write = async (file: string, server: string) =>
    await Deno.writeTextFile(
      join(shape.directory, file),
      await kubeconfig(pki, shape.name, server),
    );
  await write("admin.conf", `https://${host?.name}:6443`);
  await write("kubeconfig", `https://127.0.0.1:${host?.apiPort}`);
}

async function startUnits(
  shape: ClusterShape,
  node: NodeShape,
  parts: NodeParts,
): Promise<void> {
  const files: Record<string, string> = { ...unitsOf(shape, node, parts) };
  if (node.role !== "external-load-balancer") {
    files["/etc/kubernetes/admin.conf"] = await Deno.readTextFile(
      join(shape.directory, "admin.conf"),
    );
  }
  if (node.role === "control-plane") Object.assign(files, await pkiFiles(shape));
  await writeFiles(node.name, files);
  await docker("kill", "--signal", "HUP", node.name);
}

async function pkiFiles(shape: ClusterShape): Promise<NodeFiles> {
  const names = ["ca.crt", "apiserver.crt", "apiserver.key", "sa.key", "sa.pub"];
  const read = async (name: string) => [
    `/etc/kubernetes/pki/${name}`,
    await Deno.readTextFile(join(shape.directory, "pki", name)),
  ];
  return Object.fromEntries(await Promise.all(names.map(read)));
}

async function waitReady(
  shape: ClusterShape,
  containers: ReadonlyMap<string, NodeContainer>,
): Promise<void> {
  using api = new KubeApi(await Deno.readTextFile(join(shape.directory, "kubeconfig")));
  const log = join(shape.directory, "kubelet.log");
  await until(() => api.ready(), READY_MS, `the API server of "${shape.name}" is not ready`);
  await addClusterDns(api, shape, containers);
  const complaint = `the nodes of "${shape.name}" are not ready: see ${log}`;
  await until(() => nodesReady(api, shape), READY_MS, complaint);
}

interface NodeList {
  readonly items: readonly {
    readonly spec: { readonly taints?: readonly { readonly key: string }[] };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/** Every node is Ready and untainted, and Pods can be made in the default namespace. */
async function nodesReady(api: KubeApi, shape: ClusterShape): Promise<boolean> {
  const { items } = await api.get<NodeList>("/api/v1/nodes");
  const wanted = shape.nodes.filter((node) => node.role !== "external-load-balancer").length;
  const ready = items.filter(({ spec, status }) =>
    status.conditions?.some((one) => one.type === "Ready" && one.status === "True") &&
    !spec.taints?.some((taint) => taint.key === "node.kubernetes.io/not-ready")
  );
  if (ready.length < wanted) return false;
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  return await api.get(account).then(() => true, (error) => ignore(404)(error) !== undefined);
}

/** The kube-dns Service that every cluster has, in front of CoreDNS on the first node. */
async function addClusterDns(
  api: KubeApi,
  shape: ClusterShape,
  containers: ReadonlyMap<string, NodeContainer>,
): Promise<void> {
  const namespace = "kube-system";
  const first = containers.get(shape.nodes[0]?.name ?? "");
  const address = shape.family === "ipv6" ? first?.ipv6 : first?.ipv4;
  const targets = [{ name: "dns", protocol: "UDP" }, { name: "dns-tcp", protocol: "TCP" }];
  await until(
    () => api.get(`/api/v1/namespaces/${namespace}`).then(() => true, () => false),
    READY_MS,
    `namespace ${namespace} does not appear`,
  );
  await api.create(`/api/v1/namespaces/${namespace}/services`, {
    metadata: { name: "kube-dns", labels: { "k8s-app": "kube-dns" } },
    spec: {
      clusterIP: shape.dnsAddress,
      ports: targets.map((one) => ({ ...one, port: 53, targetPort: DNS_PORT })),
    },
  });
  await api.create(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    metadata: { name: "kube-dns-bed", labels: { "kubernetes.io/service-name": "kube-dns" } },
    addressType: shape.family === "ipv6" ? "IPv6" : "IPv4",
    ports: targets.map((one) => ({ ...one, port: DNS_PORT })),
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  });
}
