import assert from "assert";
import type { GatewayRow, RouteRow } from "../../../lib/cli/gateway_rows.ts";
import { gatewaysText } from "../../../lib/cli/gateways_view.ts";

const none = { gateways: [], unattached: [], unclassed: [], orphans: [], ingresses: [] };
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
    route("gone", { fails: true, problems: ["BackendNotFound: no Service"] }),
    route("old", { served: false, problems: ["NoMatchingParent"] }),
    route("idle", { noPods: true, problems: ["no Pod of Service shop/idle is ready"] }),
  ];
  const text = gatewaysText(
    [{ cluster: "kind", ...none, gateways: [row({ routes })] }],
    { now },
  );
  assert.equal(
    text,
    `CLUSTER kind
GATEWAY   ADDRESS       LISTENERS          CLASS  SINCE  READY
shop/web  172.18.255.1  80/HTTP,443/HTTPS  berth  10m    yes
  HTTPRoute shop/cart for cart.example
  HTTPRoute shop/pay (in part)
    BackendNotFound: no Service
  HTTPRoute shop/gone (fails)
    BackendNotFound: no Service
  HTTPRoute shop/old (not served)
    NoMatchingParent
  HTTPRoute shop/idle (no pods)
    no Pod of Service shop/idle is ready
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
  const text = gatewaysText([{ cluster: "kind", ...none, gateways: [long] }], { now });
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  assert.match(text, /fc00:f853:ccd:e793::ffff:1234/);
});

Deno.test("gatewaysText() says what there is none of", () => {
  assert.match(gatewaysText([], { now }), /no cluster found/);
  const empty = { cluster: "kind", ...none };
  assert.equal(gatewaysText([empty], { now }), "CLUSTER kind\n  no Gateway and no Ingress\n");
  assert.equal(
    gatewaysText([{ ...empty, error: "no answer" }], { now }),
    "CLUSTER kind\n  no answer\n",
  );
  const orphan = { namespace: "shop", name: "set", problem: "Gateway shop/x does not exist" };
  assert.equal(
    gatewaysText([{ ...empty, orphans: [orphan] }], { now }),
    "CLUSTER kind\nListenerSet shop/set (not served)\n  Gateway shop/x does not exist\n",
  );
  const lost = [route("lost", { served: false, problems: ["Gateway a/b does not exist"] })];
  assert.equal(
    gatewaysText([{ ...empty, unattached: lost }], { now }),
    "CLUSTER kind\nROUTES WITHOUT A GATEWAY\n  HTTPRoute shop/lost (not served)\n    Gateway a/b does not exist\n",
  );
});

Deno.test("gatewaysText() tells host ports, idle listeners and Gateways that nobody serves", () => {
  const web = row({ inPart: true, published: ["8080->80/tcp"] });
  const unclassed = [{
    namespace: "shop",
    name: "odd",
    class: "x",
    problem: "GatewayClass nobody does not exist: y",
  }];
  const text = gatewaysText([{ cluster: "kind", ...none, gateways: [web], unclassed }], { now });
  assert.match(text, /10m {4}in part\n {2}on the host: 8080->80\/tcp\n/);
  assert.match(
    text,
    /\nGateway shop\/odd \(not served\)\n {2}GatewayClass nobody does not exist: /,
  );
});

Deno.test("gatewaysText() lists Ingresses below their address", () => {
  const ingress = {
    namespace: "shop",
    name: "web",
    hosts: ["a.example"],
    problems: ["BackendNotFound: x"],
  };
  const ingresses = [{ ...ingress, addresses: ["172.18.255.9"] }];
  assert.equal(
    gatewaysText([{ cluster: "kind", ...none, ingresses, ingressPublished: ["80->80/tcp"] }], {
      now,
    }),
    `CLUSTER kind
INGRESSES  172.18.255.9
  on the host: 80->80/tcp
  shop/web for a.example
    BackendNotFound: x
`,
  );
});
