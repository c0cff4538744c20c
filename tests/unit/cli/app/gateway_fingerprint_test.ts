import assert from "assert";
import { gatewayFingerprint } from "../../../../lib/cli/app/gateway_fingerprint.ts";
import type { GatewayInput } from "../../../../lib/gateway/mod.ts";
import { gateway, httpRoute, meta } from "../../../fakes/gateway_objects.ts";

const secret = { metadata: meta("tls"), data: { "tls.key": "c2VjcmV0" } };
const input: GatewayInput = {
  ...{ cluster: "one", controllerName: "c", gateway: gateway(), routes: [httpRoute()] },
  ...{ listenerSets: [], namespaces: {}, services: [], slices: [], secrets: [secret] },
  ...{ configMaps: [], grants: [], policies: [], addresses: [], unusable: {}, now: "a" },
};

function print(change: Partial<GatewayInput>, families = "IPv4"): string {
  return gatewayFingerprint({ ...input, ...change }, families);
}

Deno.test("gatewayFingerprint() holds no secret", () => {
  assert.ok(!print({}).includes("c2VjcmV0"));
});

for (
  const [title, change] of [
    ["the time", { now: "b" }],
    ["a Gateway's status", { gateway: gateway("gw", { status: { addresses: [] } }) }],
    ["a resource version", {
      routes: [httpRoute("route", { metadata: { resourceVersion: "9" } })],
    }],
    ["a route's status", { routes: [httpRoute("route", { status: { parents: [] } })] }],
  ] as const
) {
  Deno.test(`gatewayFingerprint() does not change with ${title}`, () => {
    assert.equal(print(change), print({}));
  });
}

for (
  const [title, change] of [
    ["a generation", { routes: [httpRoute("route", { metadata: { generation: 2 } })] }],
    ["a route made again", { routes: [httpRoute("route", { metadata: { uid: "new" } })] }],
    ["a label of a namespace", { namespaces: { ns: { team: "a" } } }],
    ["a Secret", { secrets: [{ ...secret, metadata: meta("tls", { resourceVersion: "2" }) }] }],
    ["a route more", { routes: [] }],
  ] as const
) {
  Deno.test(`gatewayFingerprint() changes with ${title}`, () => {
    assert.notEqual(print(change), print({}));
  });
}

Deno.test("gatewayFingerprint() changes with the families of the cluster", () => {
  assert.notEqual(print({}, "IPv4 IPv6"), print({}));
});
