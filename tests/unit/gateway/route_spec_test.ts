import assert from "assert";
import { envoyFiles } from "../../../lib/planes/envoy/config/mod.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";

const SERVICES = objectYaml("Service", "used", "{ ports: [{ port: 80 }] }") +
  objectYaml("Service", "idle", "{ ports: [{ port: 80 }] }");
const KEYS = `---
kind: Secret
metadata: { name: cert }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
---
kind: Secret
metadata: { name: spare }
data: { tls.crt: "@client.pem", tls.key: "@client.key" }
`;
const route = (name: string, parent: string, service: string) =>
  objectYaml(
    "HTTPRoute",
    name,
    `{ parentRefs: [${parent}],
    rules: [{ backendRefs: [{ name: ${service}, port: 80 }] }] }`,
  );

Deno.test("routeSpec() holds what is served and nothing else", () => {
  const { spec } = planOf(
    gatewayYaml(`
      { name: late, port: 8080, protocol: HTTP },
      { name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] } },
      { name: keyless, port: 444, protocol: HTTPS, tls: { certificateRefs: [{ name: gone }] } },
      { name: refused, port: 445, protocol: HTTPS,
        tls: { mode: Passthrough, certificateRefs: [{ name: spare }] } }
    `) + SERVICES + KEYS +
      route("a", "{ name: gw, port: 8080 }", "used") +
      route("b", "{ name: gw, port: 444 }", "idle") +
      route("c", "{ name: gw, port: 1 }", "idle"),
  );
  assert.deepEqual(spec?.ports.map(({ port }) => port), [443, 8080]);
  assert.deepEqual(spec?.backends.map(({ name }) => name), ["infra/used/80/http"]);
  assert.deepEqual(spec?.certificates.map(({ name }) => name), ["infra/cert"]);
  assert.deepEqual([spec?.key, spec?.addresses], ["kind/gateway/infra/gw", ["172.18.0.100"]]);
});

Deno.test("routeSpec() drains no connection of a port when another HTTP listener comes to it", () => {
  const one = "{ name: shop, port: 80, protocol: HTTP, hostname: shop.example }";
  const other = "{ name: blog, port: 80, protocol: HTTP, hostname: blog.example }";
  const [before, after] = [one, `${one}, ${other}`].map((listeners) => {
    const { spec } = planOf(gatewayYaml(listeners));
    assert.ok(spec !== undefined);
    return envoyFiles(spec, { directory: "/config" }).find(({ kind }) => kind === "lds")?.content;
  });
  assert.equal(before, after);
});

Deno.test("routeSpec() is absent for a Gateway that is not accepted", () => {
  assert.equal(planOf(gatewayYaml("{ name: x, port: 1, protocol: X }")).spec, undefined);
});
