import assert from "assert";
import { downstreamTls } from "../../../../../lib/planes/envoy/config/downstream_tls.ts";

const source = () => ({ path: "p" });
const tls = { certificates: ["shop/tls", "shop/other"], alpn: ["h2", "http/1.1"] };

Deno.test("downstreamTls() offers certificates and protocols", () => {
  const context = contextOf(downstreamTls(tls, source));
  assert.deepEqual(
    context.common_tls_context.tls_certificate_sds_secret_configs.map((one) => one.name),
    ["certificate/shop/tls", "certificate/shop/other"],
  );
  assert.deepEqual(context.common_tls_context.alpn_protocols, ["h2", "http/1.1"]);
  assert.equal(context.require_client_certificate, false);
});

for (
  const [mode, required, trust] of [
    ["require", true, "VERIFY_TRUST_CHAIN"],
    ["insecure-fallback", false, "ACCEPT_UNTRUSTED"],
  ] as const
) {
  Deno.test(`downstreamTls() asks clients for certificates: ${mode}`, () => {
    const client = { authority: "shop/ca", mode };
    const context = contextOf(downstreamTls({ ...tls, client }, source));
    assert.equal(context.require_client_certificate, required);
    const { combined_validation_context: checks } = context.common_tls_context;
    assert.deepEqual(checks.default_validation_context, { trust_chain_verification: trust });
    assert.equal(checks.validation_context_sds_secret_config.name, "authority/shop/ca");
  });
}

interface Context {
  require_client_certificate: boolean;
  common_tls_context: {
    tls_certificate_sds_secret_configs: { name: string }[];
    alpn_protocols: string[];
    combined_validation_context: {
      default_validation_context: unknown;
      validation_context_sds_secret_config: { name: string };
    };
  };
}

function contextOf(socket: unknown): Context {
  return JSON.parse(JSON.stringify(socket)).typed_config;
}
