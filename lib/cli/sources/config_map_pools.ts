import { describePool, type ExplainInput, isNearlyFull, surveyPools } from "../../addresses/mod.ts";
import { parsePoolConfig } from "../../pools/mod.ts";
import type { Pool, PoolUsage } from "../../addresses/types.ts";
import { ipamView } from "../ipam_view.ts";
import type { Settings } from "../options.ts";
import type { PoolOverview, PoolRow } from "../pools_view.ts";
import type { PoolObjects } from "./pool_files.ts";

/** The pools of a ConfigMap as its cluster's Services use them. */
export function configMapOverview(objects: PoolObjects, settings: Settings): PoolOverview {
  const { config, problems } = parsePoolConfig(objects.data);
  const input: ExplainInput = {
    config,
    services: objects.services,
    namespaceLabels: objects.namespaceLabels,
    reserved: objects.reserved,
    ...ipamView(settings),
  };
  const { usage, conflicts, strays, pending } = surveyPools(input);
  const errors = [...objects.problems, ...problems].filter(({ severity }) => severity === "error");
  return {
    pools: [...usage.map(usageRow), ...config.pools.flatMap(dhcpRows)],
    pending,
    conflicts: conflicts.map(({ address, holders, claimants }) => ({
      address,
      claimedBy: [...holders, ...claimants],
    })),
    outside: strays.map(({ key, address }) => `${key}: ${address}`),
    problems: errors.map(({ message }) => message),
  };
}

function usageRow({ pool, family, size, used }: PoolUsage): PoolRow {
  return {
    pool: pool.name,
    clusters: [],
    range: describePool({ ...pool, ranges: pool.ranges.filter((one) => one.family === family) }),
    family,
    size: String(size),
    used,
    use: useOf(pool),
    nearlyFull: isNearlyFull({ size, used }),
  };
}

/** One for each family that a DHCP server gives: only the server knows how many there are. */
function dhcpRows(pool: Pool): readonly PoolRow[] {
  const base = { pool: pool.name, clusters: [], range: "DHCP", nearlyFull: false };
  return pool.dhcp.map((family) => ({ ...base, family, use: useOf(pool) }));
}

function useOf({ auto }: Pool): PoolRow["use"] {
  return auto ? "automatic" : "on request";
}
