import type { Backend, UpstreamTls } from "../../../proxy/types.ts";
import { authorityReference, certificateReference, type SourceOf } from "./secrets.ts";
import { exactly, extension } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Options of {@link upstreamSocket}. */
export interface UpstreamSocketOptions {
  readonly source: SourceOf;
  /** PEM file of authority `system`. */
  readonly systemAuthority: string;
}

/** Transport socket of a cluster: TLS, PROXY protocol, both, or undefined for plain bytes. */
export function upstreamSocket(
  backend: Backend,
  options: UpstreamSocketOptions,
): JsonObject | undefined {
  const tls = backend.tls === undefined ? undefined : tlsSocket(backend.tls, options);
  if (backend.proxyProtocol === undefined) return tls;
  return extension(
    "envoy.transport_sockets.upstream_proxy_protocol",
    "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport",
    {
      config: { version: backend.proxyProtocol.toUpperCase() },
      transport_socket: tls ?? extension(
        "envoy.transport_sockets.raw_buffer",
        "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
      ),
    },
  );
}

function tlsSocket(tls: UpstreamTls, options: UpstreamSocketOptions): JsonObject {
  const { certificate } = tls;
  return extension(
    "envoy.transport_sockets.tls",
    "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    {
      sni: tls.hostname,
      common_tls_context: {
        ...validation(tls, options),
        ...(certificate === undefined ? {} : {
          tls_certificate_sds_secret_configs: [certificateReference(certificate, options.source)],
        }),
      },
    },
  );
}

function validation(tls: UpstreamTls, options: UpstreamSocketOptions): JsonObject {
  const names = tls.names.length > 0 ? tls.names : [{ kind: "dns", value: tls.hostname }];
  const expected = {
    match_typed_subject_alt_names: names.map(({ kind, value }) => ({
      san_type: kind.toUpperCase(),
      matcher: exactly(value),
    })),
  };
  if (tls.authority === "system") {
    const trusted_ca = { filename: options.systemAuthority };
    return { validation_context: { ...expected, trusted_ca } };
  }
  return {
    combined_validation_context: {
      default_validation_context: expected,
      validation_context_sds_secret_config: authorityReference(tls.authority, options.source),
    },
  };
}
