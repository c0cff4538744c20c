import assert from "assert";
import { statusGateways } from "../../../../lib/cli/commands/status_gateways.ts";
import type { GatewayReading } from "../../../../lib/cli/gateway_rows.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const ports = (readings: readonly GatewayReading[]) => ({
  gateways: () => Promise.resolve(readings),
  now: () => 0,
});
const none = { classes: [], gateways: [], listenerSets: [], routes: [], policies: [] };
const fine: GatewayReading = { cluster: "kind", ...none };
const broken: GatewayReading = { cluster: "bad", error: "no answer" };

for (
  const [name, readings, code] of [
    ["no cluster", [], 0],
    ["a cluster", [fine], 0],
    ["one cluster of two that cannot be read", [fine, broken], 0],
    ["no cluster that can be read", [broken], 1],
  ] as const
) {
  Deno.test(`statusGateways() exits with ${code} for ${name}`, async () => {
    assert.equal(await statusGateways(fakeContext("status gateways"), ports(readings)), code);
  });
}

Deno.test("statusGateways() writes JSON on request, errors included", async () => {
  const context = fakeContext("status gateways", { output: "json" });
  await statusGateways(context, ports([broken]));
  assert.deepEqual(JSON.parse(context.streams.stdout), {
    clusters: [{
      ...{ cluster: "bad", error: "no answer", gateways: [], unattached: [] },
      ...{ unclassed: [], orphans: [], ingresses: [] },
    }],
  });
});
