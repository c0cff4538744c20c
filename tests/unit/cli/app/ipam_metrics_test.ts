import assert from "assert";
import { Ledger } from "../../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../../lib/pools/mod.ts";
import { IpamMetrics } from "../../../../lib/cli/app/ipam_metrics.ts";
import { Metrics } from "../../../../lib/monitor/mod.ts";

Deno.test("IpamMetrics tells pools, use and what waits, as they are now", async () => {
  const metrics = new Metrics();
  const ipam = new IpamMetrics(metrics);
  const { config } = parsePoolConfig({ "range-global": "10.0.0.1-10.0.0.9" });
  const ledger = new Ledger(config.pools);
  ipam.watch({
    usage: () => ledger.usage(),
    conflicts: () => 1,
    strays: () => 2,
    waiting: () => 3,
    load: () => 4,
  });
  ledger.commit("ns/a", ["10.0.0.1"], { ports: [], sharingKey: "" });
  ipam.sync("ok", 0.01);
  ipam.sync("error");
  ipam.problems(5);
  const text = await metrics.text();
  for (
    const line of [
      'berth_ipam_pool_addresses{pool="range-global",family="IPv4"} 9',
      'berth_ipam_pool_addresses_in_use{pool="range-global",family="IPv4"} 1',
      "berth_ipam_address_conflicts 1",
      "berth_ipam_addresses_outside_pools 2",
      "berth_ipam_pending_services 3",
      "berth_ipam_queue_length 4",
      "berth_ipam_config_problems 5",
      'berth_ipam_syncs_total{result="error"} 1',
      "berth_ipam_sync_seconds_count 1",
    ]
  ) assert.ok(text.includes(`${line}\n`), `${line} is missing in\n${text}`);
});
