import assert from "assert";
import { oldest, planStreamRoute } from "../../../lib/gateway/stream_routes.ts";
import type { RouteSpec } from "../../../lib/proxy/types.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { answer } from "../../fakes/route_model.ts";

const ECHO = objectYaml("Service", "echo", "{ ports: [{ port: 1 }, { port: 2, name: b }] }");
const tls = (name: string, host: string) =>
  `{ name: ${name}, port: 443, protocol: TLS, tls: { mode: Passthrough }` +
  `${host && `, hostname: "${host}"`} }`;
const route = (name: string, section: string, hostnames: string, port = 1) =>
  objectYaml(
    "TLSRoute",
    name,
    `{ parentRefs: [{ name: gw, sectionName: ${section} }], hostnames: ${hostnames},
       rules: [{ backendRefs: [{ name: echo, port: ${port} }] }] }`,
  );

function specOf(manifest: string): RouteSpec {
  return planOf(manifest + ECHO).spec ?? assert.fail("the Gateway is not accepted");
}

/** TLSRouteHostnameIntersection. */
Deno.test.each([
  {
    listener: "abc.example.com",
    hosts: `["*.example.com"]`,
    yes: ["abc.example.com"],
    no: ["x.example.com"],
  },
  {
    listener: "*.example.com",
    hosts: `["*.com"]`,
    yes: ["a.b.example.com"],
    no: ["example.com", "a.com"],
  },
  { listener: "", hosts: `["*.example.com"]`, yes: ["a.example.com"], no: ["a.org", ""] },
  { listener: "", hosts: "[]", yes: ["a.org", ""], no: [] },
])("tlsChains() on listener $listener for $hosts", ({ listener, hosts, yes, no }) => {
  const spec = specOf(gatewayYaml(tls("l", listener)) + route("r", "l", hosts));
  const ask = (sni: string) => answer(spec, { port: 443, host: sni, sni });
  assert.deepEqual(yes.map(ask), yes.map(() => "passed infra/echo/1/bytes"));
  assert.deepEqual(no.map(ask), no.map(() => "reset"));
});

Deno.test("tlsChains() keeps a narrower listener's name from a wider one's route", () => {
  const listeners = [tls("wide", "*.example.com"), tls("narrow", "a.example.com")].join(", ");
  const spec = specOf(
    gatewayYaml(listeners) + route("r", "wide", `["*.example.com", a.example.com]`),
  );
  const ask = (sni: string) => answer(spec, { port: 443, host: sni, sni });
  assert.deepEqual(["a.example.com", "b.example.com"].map(ask), [
    "reset",
    "passed infra/echo/1/bytes",
  ]);
});

Deno.test("tlsChains() gives each name to the oldest of its routes", () => {
  const spec = specOf(
    gatewayYaml(tls("l", "")) + route("b", "l", "[x.org, y.org]", 2) + route("a", "l", "[y.org]"),
  );
  const ask = (sni: string) => answer(spec, { port: 443, host: sni, sni });
  assert.deepEqual(["x.org", "y.org"].map(ask), [
    "passed infra/echo/2/bytes",
    "passed infra/echo/1/bytes",
  ]);
});

/** TCPRouteMultipleRoutesAttachment, TCPRouteParentRefAttachAll. */
Deno.test("tcpChain() serves by the oldest route, each listener for itself", () => {
  const tcp = (name: string, parents: string, port: number) =>
    objectYaml(
      "TCPRoute",
      name,
      `{ parentRefs: [${parents}],
      rules: [{ backendRefs: [{ name: echo, port: ${port} }] }] }`,
    );
  const spec = specOf(
    gatewayYaml(
      "{ name: one, port: 1, protocol: TCP }, { name: two, port: 2, protocol: TCP }, " +
        "{ name: three, port: 3, protocol: TCP, allowedRoutes: { namespaces: { from: None } } }",
    ) +
      tcp("b", "{ name: gw }", 1) + tcp("a", "{ name: gw, sectionName: two }", 2),
  );
  const ask = (port: number) => answer(spec, { port, host: "" });
  assert.deepEqual([1, 2, 3].map(ask), [
    "plain infra/echo/1/tcp",
    "plain infra/echo/2/tcp",
    "reset",
  ]);
});

Deno.test("udpPort() drops datagrams without a route", () => {
  const spec = specOf(gatewayYaml("{ name: dns, port: 53, protocol: UDP }"));
  assert.deepEqual(spec.ports, [
    { protocol: "UDP", port: 53, sourceRanges: [], affinity: "none", split: [] },
  ]);
});

Deno.test("oldest() goes by age, then by name", () => {
  const planned = (name: string, creationTimestamp: string) =>
    planStreamRoute({
      kind: "TCPRoute",
      metadata: { name, uid: name, resourceVersion: "1", creationTimestamp },
      spec: {},
    }, () => ({ resolved: undefined, problem: undefined }));
  const found = oldest([
    planned("c", "2026-01-02T00:00:00Z"),
    planned("b", "2026-01-01T00:00:00Z"),
    planned("a", "2026-01-01T00:00:00Z"),
  ].map((one) => ({ planned: one, hosts: ["*"] })));
  assert.equal(found?.route.metadata.name, "a");
  assert.equal(oldest([]), undefined);
});
