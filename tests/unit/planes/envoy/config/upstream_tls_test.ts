import assert from "assert";
import { upstreamSocket } from "../../../../../lib/planes/envoy/config/upstream_tls.ts";
import { backendWith } from "../../../../fakes/route_parts.ts";

const options = { source: () => ({ path: "p" }), systemAuthority: "/etc/ssl/ca.crt" };
const tls = { hostname: "b.example", names: [], authority: "shop/ca" };

Deno.test("upstreamSocket() leaves plain bytes plain", () => {
  assert.equal(upstreamSocket(backendWith(), options), undefined);
});

Deno.test("upstreamSocket() expects the host name", () => {
  const { typed_config } = JSON.parse(
    JSON.stringify(upstreamSocket(backendWith({ tls }), options)),
  );
  assert.equal(typed_config.sni, "b.example");
  const checks = typed_config.common_tls_context.combined_validation_context;
  assert.deepEqual(checks.default_validation_context.match_typed_subject_alt_names, [
    { san_type: "DNS", matcher: { exact: "b.example" } },
  ]);
  assert.equal(checks.validation_context_sds_secret_config.name, "authority/shop/ca");
});

Deno.test("upstreamSocket() expects the given names instead, and shows a certificate", () => {
  const names = [{ kind: "uri", value: "spiffe://a/b" }] as const;
  const backend = backendWith({ tls: { ...tls, names, certificate: "shop/client" } });
  const text = JSON.stringify(upstreamSocket(backend, options));
  assert.match(text, /"san_type":"URI","matcher":\{"exact":"spiffe:\/\/a\/b"\}/);
  assert.doesNotMatch(text, /"exact":"b.example"/);
  assert.match(text, /"name":"certificate\/shop\/client"/);
});

Deno.test("upstreamSocket() trusts what the image trusts", () => {
  const text = JSON.stringify(
    upstreamSocket(backendWith({ tls: { ...tls, authority: "system" } }), options),
  );
  assert.match(text, /"trusted_ca":\{"filename":"\/etc\/ssl\/ca.crt"\}/);
});

Deno.test("upstreamSocket() puts the PROXY protocol in front of both", () => {
  const plain = JSON.stringify(upstreamSocket(backendWith({ proxyProtocol: "v1" }), options));
  assert.match(plain, /"version":"V1".*RawBuffer/);
  const both = JSON.stringify(upstreamSocket(backendWith({ proxyProtocol: "v2", tls }), options));
  assert.match(both, /"version":"V2".*UpstreamTlsContext/);
});
