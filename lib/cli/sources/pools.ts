import { describePool, networkPools } from "../../addresses/mod.ts";
import type { Pool } from "../../addresses/types.ts";
import type { KindCluster } from "../../clusters/types.ts";
import { tryParseAddress } from "../../net/mod.ts";
import type { CallOptions, PoolPorts } from "../ports.ts";
import type { PoolRow } from "../pools_view.ts";
import { EngineSource, type SourceOptions } from "./engine.ts";

/** Reads the pools of every network on which a chosen cluster lives. */
export async function poolSource(options: SourceOptions): Promise<PoolPorts & AsyncDisposable> {
  const source = await EngineSource.open(options);
  return {
    pools: ({ signal }: CallOptions) => readPools(source, signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

async function readPools(source: EngineSource, signal: AbortSignal): Promise<readonly PoolRow[]> {
  const clusters = await source.clusters();
  const networks = Map.groupBy(clusters, ({ network }) => network);
  const rows = [...networks].map(async ([name, members]) => {
    const { subnets } = await source.engine.network(name);
    const used = await usedAddresses(source, members, signal);
    const names = members.map((cluster) => cluster.name);
    return networkPools({ name, subnets }).map((pool) => poolRow(pool, { clusters: names, used }));
  });
  return (await Promise.all(rows)).flat();
}

/** Addresses in the status of the clusters' Services; a cluster that fails counts as none. */
async function usedAddresses(
  source: EngineSource,
  clusters: readonly KindCluster[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answers = await Promise.allSettled(
    clusters.map((cluster) => source.services(cluster, signal)),
  );
  return answers
    .flatMap((answer) => answer.status === "fulfilled" ? answer.value : [])
    .flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []));
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
  });
  return {
    network: pool.name,
    clusters,
    range: describePool(pool),
    family: range?.family ?? "IPv4",
    size: String(range === undefined ? 0n : range.last - range.first + 1n),
    used: inside.length,
    use: pool.auto ? "automatic" : "on request",
  };
}
