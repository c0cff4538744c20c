import assert from "assert";
import { configText } from "../../../lib/cli/config_view.ts";

const proxy = {
  cluster: "kind",
  name: "berth-kind-gateway-shop-edge",
  key: "kind/gateway/shop/edge",
  addresses: ["172.18.255.44"],
  published: ["8080->80/tcp"],
};

const longHosts = Array.from({ length: 6 }, (_, i) => `host-${i}.department.shop.example`);

Deno.test("configText() tells whom a proxy serves, ports, backends, endpoints and refusals", () => {
  const text = configText({
    name: "gateway/shop/edge",
    proxy,
    summary: {
      listeners: [{
        ...{ address: "172.18.255.44", port: 443, protocol: "TCP" },
        serves: [
          { what: "HTTPS", hosts: longHosts, backends: ["shop/cart:8080", "shop/pay:8080"] },
          { what: "TLS passthrough", hosts: ["db.example"], backends: [] },
        ],
      }, {
        ...{ address: "172.18.255.44", port: 53, protocol: "UDP" },
        serves: [{ what: "UDP", hosts: [], backends: ["berth-udp-53"] }],
      }],
      backends: [
        {
          name: "shop/cart:8080",
          endpoints: [
            { address: "10.244.0.5:8080", health: "healthy" },
            { address: "[fc00:f853:ccd:e793:1111:2222:3333:ff01]:8080", health: "draining" },
          ],
        },
        { name: "shop/pay:8080", endpoints: [] },
      ],
      refused: [{ name: "tcp-80-x", at: "2026-01-02T03:04:05Z", message: "no such filter" }],
    },
  });
  assert.equal(
    text,
    `PROXY berth-kind-gateway-shop-edge
  serves Gateway shop/edge of cluster kind
  addresses: 172.18.255.44
  on the host: 8080->80/tcp
LISTENERS
  172.18.255.44 TCP/443
    HTTPS for host-0.department.shop.example, host-1.department.shop.example,
    host-2.department.shop.example, host-3.department.shop.example,
    host-4.department.shop.example, host-5.department.shop.example
      shop/cart:8080, shop/pay:8080
    TLS passthrough for db.example
      no backend
  172.18.255.44 UDP/53
    UDP
      berth-udp-53
BACKEND         ENDPOINT                                       HEALTH
shop/cart:8080  10.244.0.5:8080                                healthy
                [fc00:f853:ccd:e793:1111:2222:3333:ff01]:8080  draining
shop/pay:8080   none                                           -
REFUSED tcp-80-x at 2026-01-02T03:04:05Z
  no such filter
all that Envoy tells: berth config gateway/shop/edge --output json
`,
  );
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
});

Deno.test("configText() names each kind of what is served", () => {
  const cases = [
    ["kind/ingress", "the Ingresses of cluster kind"],
    ["kind/gateway/shop/edge", "Gateway shop/edge of cluster kind"],
    ["kind/default/web", "Service default/web of cluster kind"],
    ["kind/gateway/web", "Service gateway/web of cluster kind"],
    ["published kind/ingress", "the host ports of the Ingresses of cluster kind"],
  ] as const;
  for (const [key, expected] of cases) {
    const summary = { listeners: [], backends: [], refused: [] };
    const [, line] = configText({ name: "x", proxy: { ...proxy, key }, summary }).split("\n");
    assert.equal(line, `  serves ${expected}`);
  }
});

Deno.test("configText() of a proxy that serves nothing says so", () => {
  const summary = { listeners: [], backends: [], refused: [] };
  const idle = { ...proxy, addresses: [], published: [] };
  assert.deepEqual(configText({ name: "x", proxy: idle, summary }).split("\n").slice(2), [
    "  addresses: none",
    "LISTENERS",
    "  none",
    "all that Envoy tells: berth config x --output json",
    "",
  ]);
});
