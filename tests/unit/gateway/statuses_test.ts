import assert from "assert";
import { planGateway } from "../../../lib/gateway/plan.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml, planOf } from "../../fakes/gateway_plans.ts";

const HTTP = gatewayYaml("{ name: http, port: 80, protocol: HTTP }");

Deno.test("statusesOf() keeps addresses that were told while the proxy fails, if still held", () => {
  const input = gatewayInput(HTTP);
  const status = { addresses: [{ value: "172.18.0.100" }, { value: "172.18.0.7" }] };
  const plan = planGateway({ ...input, gateway: { ...input.gateway, status } });
  assert.deepEqual(plan.statuses({ failure: "down" }).gateway.addresses, [
    { type: "IPAddress", value: "172.18.0.100" },
  ]);
});

Deno.test("statusesOf() tells no address of a Gateway that is not accepted", () => {
  const input = gatewayInput(gatewayYaml("{ name: x, port: 1, protocol: X }"));
  const status = { addresses: [{ value: "172.18.0.100" }] };
  const plan = planGateway({ ...input, gateway: { ...input.gateway, status } });
  assert.equal(plan.spec, undefined);
  assert.deepEqual(plan.statuses({ failure: "" }).gateway.addresses, []);
});

Deno.test("statusesOf() leaves out addresses that do not answer", () => {
  const statuses = planOf(HTTP, { addresses: ["172.18.0.100", "fc00::1"] }).statuses({
    served: {
      key: "k",
      addresses: [{ address: "fc00::1" }, { address: "10.0.0.1" }],
      published: [],
      refused: [],
      warnings: [],
    },
  });
  assert.deepEqual(statuses.gateway.addresses?.map(({ value }) => value), ["fc00::1"]);
});

Deno.test("statusesOf() stamps every condition with the generation", () => {
  const input = gatewayInput(HTTP);
  const metadata = { ...input.gateway.metadata, generation: 12 };
  const { gateway } = planGateway({ ...input, gateway: { ...input.gateway, metadata } })
    .statuses({ failure: "down" });
  const all = [
    ...gateway.conditions ?? [],
    ...(gateway.listeners ?? []).flatMap(({ conditions }) => conditions),
  ];
  assert.equal(all.length, 7);
  assert.ok(all.every(({ observedGeneration }) => observedGeneration === 12));
});
