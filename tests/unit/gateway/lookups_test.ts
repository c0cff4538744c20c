import assert from "assert";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";

Deno.test("lookups() finds slices by the Service that they name", () => {
  const found = lookups(gatewayInput(`
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth }
---
kind: Service
metadata: { name: web, namespace: shop }
spec: {}
---
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
---
kind: EndpointSlice
metadata: { name: web-2, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv6
---
kind: EndpointSlice
metadata: { name: stray, namespace: shop }
addressType: IPv4
`));
  assert.deepEqual([...found.services.keys()], ["shop/web"]);
  assert.deepEqual(
    found.slices.get("shop/web")?.map(({ metadata }) => metadata.name),
    ["web-1", "web-2"],
  );
  assert.equal(found.slices.size, 1);
});
