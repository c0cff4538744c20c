import assert from "assert";
import { VipMetrics } from "../../../../lib/cli/app/vip_metrics.ts";
import { Metrics } from "../../../../lib/monitor/mod.ts";
import { vipService } from "../../../fakes/vip_world.ts";

Deno.test("VipMetrics counts writes and Services with and without an address", async () => {
  const metrics = new Metrics();
  const vips = new VipMetrics(metrics);
  const service = vipService("a");
  vips.planned({
    released: [],
    outcomes: [
      { service, change: "created", address: "10.0.0.1" },
      { service, change: "none", problem: "full" },
      { service, change: "none", problem: "full" },
    ],
  });
  vips.wrote("ok");
  vips.wrote("ok");
  const text = await metrics.text();
  assert.match(text, /^berth_keepalived_services\{state="serving"\} 1$/m);
  assert.match(text, /^berth_keepalived_services\{state="waiting"\} 2$/m);
  assert.match(text, /^berth_keepalived_config_map_writes_total\{result="ok"\} 2$/m);
});
