import assert from "assert";
import { hasInsecureValidation, listenerTls } from "../../../lib/gateway/listener_tls.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

const OBJECTS = `---
kind: Secret
metadata: { name: cert }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
---
kind: ConfigMap
metadata: { name: ca }
data: { ca.crt: "@authority.pem" }
`;

const ref = (name: string, kind = "ConfigMap") =>
  `{ validation: { caCertificateRefs: [{ group: "", kind: ${kind}, name: ${name} }] } }`;

function found(listener: string, frontend = "") {
  const more = frontend === "" ? "" : `tls: { frontend: ${frontend} }`;
  const input = gatewayInput(gatewayYaml(`{ name: l, ${listener} }`, more) + OBJECTS);
  const referrer = { kind: "Gateway", namespace: "infra", lookups: lookups(input) };
  const [spec] = input.gateway.spec.listeners ?? [];
  assert.ok(spec);
  return listenerTls(spec, {
    owner: referrer,
    gateway: input.gateway,
    gatewayReferrer: referrer,
  });
}

const https = (name: string) =>
  `port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: ${name} }] }`;

Deno.test.each([
  { name: "no TLS", listener: "port: 80, protocol: HTTP", want: [undefined, undefined] },
  { name: "a certificate", listener: https("cert"), want: [["infra/cert"], undefined] },
  { name: "no such Secret", listener: https("x"), want: [undefined, "InvalidCertificateRef"] },
  {
    name: "no tls field",
    listener: "port: 443, protocol: HTTPS",
    want: [undefined, "InvalidCertificateRef"],
  },
  {
    name: "one good and one bad",
    listener: "port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }, { name: x }] }",
    want: [["infra/cert"], "InvalidCertificateRef"],
  },
])("listenerTls() with $name", ({ listener, want }) => {
  const { tls, unresolved } = found(listener);
  assert.deepEqual([tls?.certificates, unresolved?.reason], want);
});

Deno.test("listenerTls() speaks HTTP/2 over HTTPS and nothing over TLS", () => {
  assert.deepEqual(found(https("cert")).tls?.alpn, ["h2", "http/1.1"]);
  const tls = found("port: 443, protocol: TLS, tls: { certificateRefs: [{ name: cert }] }");
  assert.deepEqual(tls.tls?.alpn, []);
});

/** GatewayInvalidFrontendClientCertificateValidation. */
Deno.test.each([
  { frontend: `{ default: ${ref("ca")} }`, want: ["infra/ca require", undefined, undefined] },
  {
    frontend: `{ default: ${ref("gone")} }`,
    want: [undefined, "NoValidCACertificate", "InvalidCACertificateRef"],
  },
  {
    frontend: `{ default: ${ref("ca", "Service")} }`,
    want: [undefined, "NoValidCACertificate", "InvalidCACertificateKind"],
  },
  {
    frontend: `{ default: ${ref("gone")}, perPort: [{ port: 443, tls: ${ref("ca")} }] }`,
    want: ["infra/ca require", undefined, undefined],
  },
  {
    frontend: `{ default: ${ref("ca")}, perPort: [{ port: 443, tls: {} }] }`,
    want: [undefined, undefined, undefined],
  },
])("listenerTls() with frontend $frontend", ({ frontend, want }) => {
  const { tls, refused, unresolved } = found(https("cert"), frontend);
  const client = tls?.client && `${tls.client.authority} ${tls.client.mode}`;
  assert.deepEqual([client, refused?.reason, unresolved?.reason], want);
});

Deno.test("listenerTls() asks no client certificates of TLS listeners", () => {
  const listener = "port: 443, protocol: TLS, tls: { certificateRefs: [{ name: cert }] }";
  assert.equal(found(listener, `{ default: ${ref("gone")} }`).refused, undefined);
});

Deno.test("hasInsecureValidation() looks at the default and at every port", () => {
  const mode = "{ validation: { mode: AllowInsecureFallback } }";
  const insecure = (frontend: string) =>
    hasInsecureValidation(gatewayInput(gatewayYaml("", `tls: { frontend: ${frontend} }`)).gateway);
  assert.equal(insecure(`{ default: ${mode} }`), true);
  assert.equal(insecure(`{ default: {}, perPort: [{ port: 1, tls: ${mode} }] }`), true);
  assert.equal(insecure(`{ default: ${ref("ca")} }`), false);
});
