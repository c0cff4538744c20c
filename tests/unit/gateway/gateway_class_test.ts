import assert from "assert";
import { gatewayClassStatus } from "../../../lib/gateway/gateway_class.ts";
import type { GatewayClass } from "../../../lib/gateway/types.ts";

const now = "2026-01-02T03:04:05Z";

function gatewayClass(spec: Partial<GatewayClass["spec"]> = {}): GatewayClass {
  return {
    metadata: { name: "berth", uid: "u", resourceVersion: "1", generation: 7 },
    spec: { controllerName: "example.com/gateway", ...spec },
  };
}

Deno.test("gatewayClassStatus() accepts a class and names the features", () => {
  const status = gatewayClassStatus(gatewayClass(), { channel: "standard", now });
  assert.deepEqual(
    status.conditions?.map(({ type, status, reason, observedGeneration }) => [
      type,
      status,
      reason,
      observedGeneration,
    ]),
    [["Accepted", "True", "Accepted", 7], ["SupportedVersion", "True", "SupportedVersion", 7]],
  );
  assert.ok(status.supportedFeatures?.some(({ name }) => name === "HTTPRoute"));
});

Deno.test("gatewayClassStatus() refuses parameters", () => {
  const parametersRef = { group: "example.com", kind: "Config", name: "x" };
  const status = gatewayClassStatus(gatewayClass({ parametersRef }), { channel: "standard", now });
  const [accepted] = status.conditions ?? [];
  assert.equal(accepted?.reason, "InvalidParameters");
  assert.match(accepted?.message ?? "", /remove it/);
});

Deno.test("gatewayClassStatus() says what is wrong with the definitions", () => {
  const options = { channel: "standard", now, versionProblem: "too new" } as const;
  const version = gatewayClassStatus(gatewayClass(), options).conditions?.[1];
  assert.deepEqual([version?.status, version?.reason, version?.message], [
    "False",
    "UnsupportedVersion",
    "too new",
  ]);
});
