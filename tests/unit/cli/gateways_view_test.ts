import assert from "assert";
import type { GatewayRow, RouteRow } from "../../../lib/cli/gateway_rows.ts";
import { gatewaysText } from "../../../lib/cli/gateways_view.ts";

const now = Date.parse("2026-01-01T00:10:00Z");

function route(name: string, change: Partial<RouteRow> = {}): RouteRow {
  const fixed = { kind: "HTTPRoute", namespace: "shop", name, hostnames: [] };
  return { ...fixed, served: true, problems: [], ...change };
}

function row(change: Partial<GatewayRow> = {}): GatewayRow {
  return {
    ...{ namespace: "shop", name: "web", class: "berth", addresses: ["172.18.255.1"] },
    ...{ listeners: ["80/HTTP", "443/HTTPS"], ready: true, since: "2026-01-01T00:00:00Z" },
    ...{ problems: [], routes: [] },
    ...change,
  };
}

Deno.test("gatewaysText() lays out Gateways with their routes", () => {
  const routes = [
    route("cart", { hostnames: ["cart.example"] }),
    route("pay", { problems: ["BackendNotFound: no Service"] }),
    route("old", { served: false, problems: ["NoMatchingParent"] }),
  ];
  const text = gatewaysText(
    [{ cluster: "kind", gateways: [row({ routes })], unattached: [] }],
    now,
  );
  assert.equal(
    text,
    `CLUSTER kind
GATEWAY   ADDRESS       LISTENERS          CLASS  SINCE  READY
shop/web  172.18.255.1  80/HTTP,443/HTTPS  berth  10m    yes
  HTTPRoute shop/cart for cart.example
  HTTPRoute shop/pay (in part)
    BackendNotFound: no Service
  HTTPRoute shop/old (not served)
    NoMatchingParent
`,
  );
});

Deno.test("gatewaysText() keeps to 80 columns", () => {
  const long = row({
    name: "a-gateway-with-quite-a-long-name-for-a-table",
    addresses: ["fc00:f853:ccd:e793::ffff:1234"],
    listeners: Array.from({ length: 12 }, (_, i) => `${8000 + i}/HTTPS`),
    problems: ["listener x: RefNotPermitted: ".padEnd(30) + "word ".repeat(40)],
    routes: [route("r", { hostnames: Array.from({ length: 9 }, (_, i) => `host-${i}.example`) })],
  });
  const text = gatewaysText([{ cluster: "kind", gateways: [long], unattached: [] }], now);
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  assert.match(text, /fc00:f853:ccd:e793::ffff:1234/);
});

Deno.test("gatewaysText() says what there is none of", () => {
  assert.match(gatewaysText([], now), /no cluster found/);
  const empty = { cluster: "kind", gateways: [], unattached: [] };
  assert.equal(gatewaysText([empty], now), "CLUSTER kind\n  no Gateway\n");
  assert.equal(
    gatewaysText([{ ...empty, error: "no answer" }], now),
    "CLUSTER kind\n  no answer\n",
  );
  const lost = [route("lost", { served: false, problems: ["Gateway a/b does not exist"] })];
  assert.equal(
    gatewaysText([{ ...empty, unattached: lost }], now),
    "CLUSTER kind\n  HTTPRoute shop/lost (not served)\n    Gateway a/b does not exist\n",
  );
});
