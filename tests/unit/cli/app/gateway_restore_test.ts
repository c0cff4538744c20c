import assert from "assert";
import { networkPools } from "../../../../lib/addresses/mod.ts";
import { restorableAddresses } from "../../../../lib/cli/app/gateway_restore.ts";
import { gateway } from "../../../fakes/gateway_objects.ts";

const pools = networkPools({ name: "kind", subnets: ["172.18.0.0/16"] });

function held(value: string, asked?: string): readonly string[] {
  const spec = {
    gatewayClassName: "berth",
    ...(asked === undefined ? {} : { addresses: [{ value: asked }] }),
  };
  return restorableAddresses(gateway("gw", { spec, status: { addresses: [{ value }] } }), pools);
}

Deno.test("restorableAddresses() keeps what berth gives and what is asked for", () => {
  assert.deepEqual(held("172.18.255.7"), ["172.18.255.7"]);
  assert.deepEqual(held("172.18.0.9", "172.18.0.9"), ["172.18.0.9"]);
});

Deno.test("restorableAddresses() leaves a former program's container address", () => {
  assert.deepEqual(held("172.18.0.9"), []);
  assert.deepEqual(held("web.example"), []);
});
