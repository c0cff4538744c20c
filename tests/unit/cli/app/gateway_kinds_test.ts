import assert from "assert";
import {
  bestVersion,
  collectionPath,
  isRouteKind,
  kindOfDefinition,
  objectPath,
} from "../../../../lib/cli/app/gateway_kinds.ts";

Deno.test("kindOfDefinition() knows the kinds that berth reads, of that group alone", () => {
  assert.equal(kindOfDefinition("httproutes.gateway.networking.k8s.io"), "HTTPRoute");
  assert.equal(kindOfDefinition("listenersets.gateway.networking.k8s.io"), "ListenerSet");
  assert.equal(kindOfDefinition("xmeshes.gateway.networking.x-k8s.io"), undefined);
  assert.equal(kindOfDefinition("httproutes.example.com"), undefined);
});

for (
  const [served, best] of [
    [["v1beta1", "v1"], "v1"],
    [["v1alpha2", "v1alpha3"], "v1alpha3"],
    [["v2"], undefined],
    [[], undefined],
  ] as const
) {
  Deno.test(`bestVersion() of ${served.join(" and ") || "none"} is ${best}`, () => {
    assert.equal(bestVersion(served), best);
  });
}

Deno.test("paths name group, version, namespace and collection", () => {
  const start = "/apis/gateway.networking.k8s.io";
  assert.equal(collectionPath("TLSRoute", "v1alpha2"), `${start}/v1alpha2/tlsroutes`);
  const metadata = { name: "web", uid: "", resourceVersion: "" };
  assert.equal(objectPath("GatewayClass", "v1", { metadata }), `${start}/v1/gatewayclasses/web`);
  assert.equal(
    objectPath("Gateway", "v1", { metadata: { ...metadata, namespace: "shop" } }),
    `${start}/v1/namespaces/shop/gateways/web`,
  );
});

Deno.test("isRouteKind() is true for routes", () => {
  assert.deepEqual(["HTTPRoute", "UDPRoute", "Gateway", "Namespace"].map(isRouteKind), [
    ...[true, true, false, false],
  ]);
});
