import { AppError, errorKind } from "../../core/mod.ts";
import { createKubeClient, decodeNode, decodeService, type KubeClient } from "../../kube/mod.ts";
import type { PoolProblem } from "../../addresses/types.ts";
import { clusterConfig } from "../app/cluster_config.ts";
import { nodeAddresses } from "../app/node_addresses.ts";
import { EngineSource, type SourceOptions } from "./engine.ts";
import { configMapData, namespaceEntry, type PoolObjects, type PoolPlace } from "./pool_files.ts";

/** Reads the pools, Services, Namespaces and Nodes of one live cluster. */
export async function livePoolObjects(
  options: SourceOptions,
  signal: AbortSignal,
): Promise<PoolObjects> {
  const { poolNamespace: namespace, poolConfigMap: name } = options.settings;
  const client = createKubeClient(await kubeconfigOf(options, signal));
  try {
    const [{ data, problems }, services, namespaces, nodes] = await Promise.all([
      readData(client, { namespace, name }, signal),
      client.list("/api/v1/services", { signal }),
      listAllowed(client, { what: "namespaces", signal }),
      listAllowed(client, { what: "nodes", signal }),
    ]);
    return {
      data,
      services: services.items.map(decodeService),
      namespaceLabels: new Map(namespaces?.map(namespaceEntry)),
      reserved: nodeAddresses((nodes ?? []).map(decodeNode)),
      problems: nodes === undefined ? [...problems, nodesUnseen] : problems,
    };
  } finally {
    client.close();
  }
}

/** That of `--kubeconfig`, or of the one kind cluster that is meant. */
async function kubeconfigOf(options: SourceOptions, signal: AbortSignal): Promise<string> {
  const { settings, env } = options;
  if (settings.kubeconfig !== undefined) return await clusterConfig(settings, env);
  await using source = await EngineSource.open(options);
  const { clusters, missing, there } = await source.survey();
  const [cluster] = clusters;
  if (cluster === undefined || clusters.length > 1) {
    const fact = missing.length > 0
      ? `there is no cluster ${missing.join(", ")} (${there})`
      : `one cluster is needed (${there})`;
    const message = `${fact}: name it with --cluster or --kubeconfig, or give files with --file`;
    throw new AppError(message, { kind: "not-found" });
  }
  return (await source.connect(cluster, signal)).kubeconfig;
}

async function readData(
  client: KubeClient,
  { namespace, name }: PoolPlace,
  signal: AbortSignal,
): Promise<Pick<PoolObjects, "data" | "problems">> {
  try {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    return configMapData(await client.get(path, { signal }));
  } catch (error) {
    if (errorKind(error) !== "not-found") throw error;
    return { data: {}, problems: [noConfigMap({ namespace, name })] };
  }
}

/** Services without pools are worth a look, too. */
function noConfigMap({ namespace, name }: PoolPlace): PoolProblem {
  const message = `the cluster has no ConfigMap ${namespace}/${name}: make it (kubectl -n ` +
    `${namespace} create configmap ${name} --from-literal=cidr-global=PREFIX), or name another ` +
    `one with --pool-namespace and --pool-config-map`;
  return { severity: "error", key: `${namespace}/${name}`, value: "", message };
}

const nodesUnseen: PoolProblem = {
  severity: "warning",
  key: "nodes",
  value: "",
  message: "nodes may not be listed, so their addresses count as free: grant list of nodes",
};

/** Undefined without the right: pools that select by labels of Namespaces match nothing then. */
async function listAllowed(
  client: KubeClient,
  { what, signal }: { readonly what: "namespaces" | "nodes"; readonly signal: AbortSignal },
): Promise<readonly unknown[] | undefined> {
  try {
    return (await client.list(`/api/v1/${what}`, { signal })).items;
  } catch (error) {
    if (errorKind(error) !== "forbidden") throw error;
    return undefined;
  }
}
