import type { ClientValidation, DownstreamTls } from "../../../proxy/types.ts";
import { authorityReference, certificateReference, type SourceOf } from "./secrets.ts";
import { extension } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Transport socket of a chain where TLS ends. */
export function downstreamTls(tls: DownstreamTls, source: SourceOf): JsonObject {
  return extension(
    "envoy.transport_sockets.tls",
    "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
    {
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        tls_certificate_sds_secret_configs: tls.certificates.map((name) =>
          certificateReference(name, source)
        ),
        ...(tls.alpn.length > 0 ? { alpn_protocols: tls.alpn } : {}),
        ...(tls.client === undefined ? {} : clientValidation(tls.client, source)),
      },
      require_client_certificate: tls.client?.mode === "require",
    },
  );
}

function clientValidation({ authority, mode }: ClientValidation, source: SourceOf): JsonObject {
  return {
    combined_validation_context: {
      default_validation_context: {
        trust_chain_verification: mode === "require" ? "VERIFY_TRUST_CHAIN" : "ACCEPT_UNTRUSTED",
      },
      validation_context_sds_secret_config: authorityReference(authority, source),
    },
  };
}
