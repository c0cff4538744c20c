import { networkPools } from "../../addresses/mod.ts";
import { StatusWriter } from "../app/status_writer.ts";
import { CLUSTER_LABEL as KIND_CLUSTER_LABEL, isClusterServed } from "../../clusters/mod.ts";
import type { KindCluster } from "../../clusters/types.ts";
import { errorKind, systemClock } from "../../core/mod.ts";
import { type KubeClient, loadBalancerFinalizer, objectKey } from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";
import type { Plane } from "../../planes/types.ts";
import { createKernelPlane } from "../../planes/kernel/mod.ts";
import { servingCondition } from "../../services/mod.ts";
import { CLUSTER_LABEL, OWNER_LABEL } from "../cleanup_plan.ts";
import type {
  CallOptions,
  CleanupPorts,
  Leftover,
  OwnedContainer,
  Released,
  Unserved,
} from "../ports.ts";
import { EngineSource, listServices, type SourceOptions, withClient } from "./engine.ts";
import { releaseRoutes } from "./release_routes.ts";

/** Lists through the engine; releases through the planes and the clusters' API servers. */
export async function cleanupSource(
  options: SourceOptions,
): Promise<CleanupPorts & AsyncDisposable> {
  const source = await EngineSource.open(options);
  return {
    clusters: () => livingClusters(source),
    owned: () => ownedContainers(source),
    remove: (leftover) => remove(source, leftover),
    release: (name, call) => release(source, name, call),
    unserved: ({ signal }) => unservedClusters(source, signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

/** By the label alone: a cluster that is half created or half deleted still lives. */
async function livingClusters({ engine }: EngineSource): Promise<readonly string[]> {
  const containers = await engine.containers({ labels: [KIND_CLUSTER_LABEL] });
  return [...new Set(containers.flatMap(({ labels }) => labels[KIND_CLUSTER_LABEL] ?? []))];
}

async function ownedContainers({ engine }: EngineSource): Promise<readonly OwnedContainer[]> {
  const containers = await engine.containers({ labels: [OWNER_LABEL] });
  return containers.map(({ id, name, labels }) => ({
    id,
    name,
    labels,
    cluster: labels[CLUSTER_LABEL] ?? "",
  }));
}

/** The files of proxies go with the last container that uses them. */
async function remove({ engine }: EngineSource, { id, cluster }: Leftover): Promise<void> {
  await engine.removeContainer(id);
  const labels = [OWNER_LABEL, `${CLUSTER_LABEL}=${cluster}`];
  for (const { name } of await engine.volumes({ labels })) {
    await engine.removeVolume(name).catch((error) => {
      if (errorKind(error) !== "conflict") throw error;
    });
  }
}

async function release(
  source: EngineSource,
  name: string,
  { signal }: CallOptions,
): Promise<readonly Released[]> {
  const cluster = (await source.clusters()).find((one) => one.name === name);
  if (cluster === undefined) return [];
  const fromNodes = await releaseNodes(source, cluster, signal);
  const { subnets } = await source.engine.network(cluster.network);
  const pools = networkPools({ name: cluster.network, subnets });
  const { kubeconfig } = await source.connect(cluster, signal);
  return await withClient(kubeconfig, async (client) => {
    const fromStatus = await releaseServices(client, signal);
    const services = [...new Set([...fromNodes, ...fromStatus])].toSorted();
    return [
      ...services.map((name) => ({ what: "service", name } as const)),
      ...await releaseRoutes({ client, pools, clock: systemClock, signal }),
    ];
  });
}

/** Takes rules and addresses off the nodes; returns the Services (`namespace/name`) they served. */
async function releaseNodes(
  { engine }: EngineSource,
  { name, nodes }: KindCluster,
  signal: AbortSignal,
): Promise<readonly string[]> {
  await using plane: Plane = createKernelPlane({
    cluster: name,
    openSession: (container) => engine.session(container, ["bash"]),
    events: { moved: () => {}, broken: () => {} },
    clock: systemClock,
  });
  await plane.setNodes(nodes, { signal });
  const served = await plane.list({ signal });
  for (const { key } of served) await plane.remove(key, { signal });
  return served.map(({ key }) => key.slice(name.length + 1));
}

/**
 * Clears the status of the Services that berth served and lets go of their finalizer; returns those
 * (`namespace/name`) that had an address.
 */
async function releaseServices(
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const writer = new StatusWriter({ client, clock: systemClock, signal });
  // by our condition, not by type: another provider may serve the others
  const ours = (await listServices(client, signal)).filter(carriesOurStatus);
  for (const service of ours) {
    await writer.clear(service);
    await writer.removeFinalizer(service);
  }
  return ours.filter(({ status }) => (status?.loadBalancer?.ingress ?? []).length > 0)
    .map(objectKey);
}

/** What cannot be told of a cluster is left out: clean-up is about others. */
async function unservedClusters(
  source: EngineSource,
  signal: AbortSignal,
): Promise<readonly Unserved[]> {
  const found = (await source.clusters()).map(async (cluster): Promise<readonly Unserved[]> => {
    try {
      if (await isClusterServed(source.engine, cluster, { signal })) return [];
      const services = (await source.services(cluster, signal))
        .filter(carriesOurStatus)
        .filter(({ metadata }) => metadata.finalizers?.includes(loadBalancerFinalizer))
        .map(objectKey).toSorted();
      return services.length === 0 ? [] : [{ cluster: cluster.name, services }];
    } catch {
      signal.throwIfAborted();
      return [];
    }
  });
  return (await Promise.all(found)).flat();
}

function carriesOurStatus({ status }: Service): boolean {
  return status?.conditions?.some(({ type }) => type === servingCondition) ?? false;
}
