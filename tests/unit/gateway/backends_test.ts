import assert from "assert";
import { planPolicies } from "../../../lib/gateway/backend_policies.ts";
import { backendResolver, type BackendUse } from "../../../lib/gateway/backends.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml, objectYaml } from "../../fakes/gateway_plans.ts";

const input = gatewayInput(
  gatewayYaml("") +
    objectYaml(
      "Service",
      "web",
      `{ externalTrafficPolicy: Local, ipFamilies: [IPv6, IPv4], ports: [
      { name: http, port: 80, targetPort: web },
      { name: h2c, port: 81, appProtocol: kubernetes.io/h2c },
      { name: ws, port: 82, appProtocol: kubernetes.io/ws },
      { name: dns, port: 53, protocol: UDP }] }`,
    ) +
    objectYaml(
      "Service",
      "headless",
      `{ clusterIP: None, ports: [{ port: 8080, targetPort: 3000 }] }`,
    ) +
    objectYaml("Service", "outside", `{ type: ExternalName, ports: [{ port: 80 }] }`) +
    objectYaml("Service", "broken", `{ ports: [{ port: 443 }] }`) +
    objectYaml(
      "BackendTLSPolicy",
      "broken",
      `{ targetRefs: [{ group: "", kind: Service, name: broken }],
      validation: { hostname: x, wellKnownCACertificates: Moon } }`,
    ) + `---
kind: EndpointSlice
metadata: { name: web-4, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: 3000 }]
endpoints: [{ addresses: [10.244.1.2], nodeName: a }, { addresses: [10.244.1.1] }]
---
kind: EndpointSlice
metadata: { name: by-hand, labels: { kubernetes.io/service-name: headless } }
addressType: IPv6
ports: [{ port: 3000 }]
endpoints: [{ addresses: ["fd00::1"] }]
`,
);
const found = lookups(input);
const resolve = backendResolver({
  lookups: found,
  policies: planPolicies(input.policies, found),
  clientCertificate: undefined,
});

function use(name: string, port: number, more: Partial<BackendUse> = {}): BackendUse {
  return { ref: { name, port }, kind: "HTTPRoute", namespace: "infra", flavour: "http", ...more };
}

const failures = [
  { use: use("missing", 80), reason: "BackendNotFound" },
  { use: use("web", 9), reason: "BackendNotFound" },
  { use: use("outside", 80), reason: "InvalidKind" },
  { use: use("web", 53), reason: "UnsupportedProtocol" },
  { use: use("web", 80, { flavour: "udp", kind: "UDPRoute" }), reason: "UnsupportedProtocol" },
  {
    use: use("web", 80, { namespace: "shop", ref: { name: "web", namespace: "infra", port: 80 } }),
    reason: "RefNotPermitted",
  },
  {
    use: use("web", 80, { ref: { name: "b", group: "example.com", kind: "B" } }),
    reason: "InvalidKind",
  },
] as const;

Deno.test.each(failures)(
  "backendResolver() fails with $reason for $use.ref.name",
  ({ use, reason }) => {
    const { resolved, problem } = resolve(use);
    assert.deepEqual([resolved, problem?.reason], [undefined, reason]);
  },
);

Deno.test.each(
  [
    { port: 80, flavour: "http", want: "http1" },
    { port: 81, flavour: "http", want: "h2" },
    { port: 82, flavour: "http", want: "http1" },
    { port: 80, flavour: "grpc", want: "h2" },
    { port: 81, flavour: "tcp", want: "tcp" },
    { port: 80, flavour: "bytes", want: "tcp" },
    { port: 53, flavour: "udp", want: "udp" },
  ] as const,
)("backendResolver() speaks $want to port $port for $flavour", ({ port, flavour, want }) => {
  assert.equal(resolve(use("web", port, { flavour })).resolved?.backend.protocol, want);
});

Deno.test("backendResolver() takes the first family that has endpoints, on any node", () => {
  assert.deepEqual(resolve(use("web", 80)).resolved?.backend.endpoints, [
    { address: "10.244.1.1", port: 3000 },
    { address: "10.244.1.2", port: 3000, node: "a" },
  ]);
  assert.deepEqual(resolve(use("headless", 8080)).resolved?.backend.endpoints, [
    { address: "fd00::1", port: 3000 },
  ]);
});

Deno.test("backendResolver() never falls back to plain text when a policy is broken", () => {
  assert.deepEqual(resolve(use("broken", 443)), { resolved: undefined, problem: undefined });
  const passed = resolve(use("broken", 443, { flavour: "bytes", kind: "TLSRoute" }));
  assert.equal(passed.resolved?.backend.tls, undefined);
  assert.equal(passed.resolved?.backend.protocol, "tcp");
});

Deno.test("backendResolver() builds each backend once", () => {
  assert.equal(resolve(use("web", 80)), resolve(use("web", 80)));
});
