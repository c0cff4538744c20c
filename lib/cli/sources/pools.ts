import { describePool, isNearlyFull, networkPools } from "../../addresses/mod.ts";
import type { Pool } from "../../addresses/types.ts";
import type { KindCluster } from "../../clusters/types.ts";
import type { Ingress } from "../../ingress/types.ts";
import { errorText } from "../../core/mod.ts";
import { tryParseAddress } from "../../net/mod.ts";
import type { Gateway } from "../../gateway/types.ts";
import type { KubeClient } from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";
import type { CallOptions, PoolPorts } from "../ports.ts";
import { serviceFindings } from "../pool_findings.ts";
import type { PoolOverview, PoolRow } from "../pools_view.ts";
import { configMapOverview } from "./config_map_pools.ts";
import { EngineSource, listServices, type SourceOptions, withClient } from "./engine.ts";
import { listKind } from "./gateways.ts";
import { listIngresses } from "./ingresses.ts";
import { livePoolObjects } from "./live_pools.ts";

/**
 * Reads the pools of every network on which a chosen cluster lives, or, with `--kubeconfig`, those
 * of that cluster's ConfigMap.
 */
export async function poolSource(options: SourceOptions): Promise<PoolPorts & AsyncDisposable> {
  if (options.settings.kubeconfig !== undefined) {
    return {
      overview: async ({ signal }) =>
        configMapOverview(await livePoolObjects(options, signal), options.settings),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const source = await EngineSource.open(options);
  return {
    overview: ({ signal }: CallOptions) => readPools(source, signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

async function readPools(source: EngineSource, signal: AbortSignal): Promise<PoolOverview> {
  const { clusters, others, missing, there } = await source.survey();
  const used = new Set(clusters.map(({ network }) => network));
  // clusters of one network take their addresses from the same pools
  const neighbours = others.filter(({ network }) => used.has(network));
  const readings = await Promise.all(
    [...clusters, ...neighbours].map((cluster) => readCluster(source, cluster, signal)),
  );
  const networks = Map.groupBy(readings, ({ cluster }) => cluster.network);
  const rows = [...networks].map(async ([name, members]) => {
    const { subnets } = await source.engine.network(name);
    const used = members.flatMap(({ addresses }) => addresses);
    const names = members.map(({ cluster }) => cluster.name);
    return networkPools({ name, subnets }).map((pool) => poolRow(pool, { clusters: names, used }));
  });
  const named = readings.filter(({ cluster }) => clusters.includes(cluster)).flatMap((
    { cluster, services },
  ) => services.map((service) => ({ service, key: `${cluster.name}/${keyOf(service)}` })));
  return {
    pools: (await Promise.all(rows)).flat(),
    ...serviceFindings(named),
    outside: [],
    problems: [
      ...missing.map((name) => `there is no cluster ${name}: ${there}`),
      ...readings.flatMap(({ cluster, error }) =>
        error === undefined ? [] : [`cluster ${cluster.name} cannot be read: ${error}`]
      ),
    ],
  };
}

interface Reading {
  readonly cluster: KindCluster;
  readonly services: readonly Service[];
  /** Those of its Services, Gateways and Ingresses. */
  readonly addresses: readonly string[];
  readonly error?: string;
}

async function readCluster(
  source: EngineSource,
  cluster: KindCluster,
  signal: AbortSignal,
): Promise<Reading> {
  try {
    const { kubeconfig } = await source.connect(cluster, signal);
    return await withClient(kubeconfig, async (client) => {
      const [services, routes] = await Promise.all([
        listServices(client, signal),
        routeAddresses(client, signal),
      ]);
      return { cluster, services, addresses: [...services.flatMap(addressesOf), ...routes] };
    });
  } catch (error) {
    return { cluster, services: [], addresses: [], error: errorText(error) };
  }
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}

async function routeAddresses(client: KubeClient, signal: AbortSignal): Promise<readonly string[]> {
  const [{ objects }, { ingresses }] = await Promise.all([
    listKind(client, "Gateway", signal),
    listIngresses(client, signal),
  ]);
  // the server checked them against their schema
  const gateways = objects as readonly Gateway[];
  return [
    ...gateways.flatMap(({ status }) => (status?.addresses ?? []).map(({ value }) => value)),
    ...ingresses.flatMap(addressesOf),
  ];
}

function addressesOf({ status }: Pick<Service | Ingress, "status">): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

/** One row; an address that several Services share counts once. */
export function poolRow(
  pool: Pool,
  { clusters, used }: { readonly clusters: readonly string[]; readonly used: readonly string[] },
): PoolRow {
  const [range] = pool.ranges;
  const inside = [...new Set(used)].filter((text) => {
    const address = tryParseAddress(text);
    return address !== undefined && address.family === range?.family &&
      address.value >= range.first && address.value <= range.last;
  }).length;
  const size = range === undefined ? 0n : range.last - range.first + 1n;
  return {
    pool: pool.name,
    network: pool.name,
    clusters,
    range: describePool(pool),
    family: range?.family ?? "IPv4",
    size: String(size),
    used: inside,
    use: pool.auto ? "automatic" : "on request",
    nearlyFull: isNearlyFull({ size, used: inside }),
  };
}
