import type { Authority, Certificate } from "../../../proxy/types.ts";
import { fileWord } from "./names.ts";
import { typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";

const SECRET = "envoy.extensions.transport_sockets.tls.v3.Secret";

/** Gives the config source of a file. */
export type SourceOf = (file: string) => JsonObject;

/** File of a certificate and its key. */
export function certificateFile(name: string): string {
  return `sds-certificate-${fileWord(name)}.json`;
}

/** File of an authority. */
export function authorityFile(name: string): string {
  return `sds-authority-${fileWord(name)}.json`;
}

/** How a TLS context names a certificate. */
export function certificateReference(name: string, source: SourceOf): JsonObject {
  return { name: `certificate/${name}`, sds_config: source(certificateFile(name)) };
}

/** How a TLS context names an authority. */
export function authorityReference(name: string, source: SourceOf): JsonObject {
  return { name: `authority/${name}`, sds_config: source(authorityFile(name)) };
}

/** The secret that {@link certificateReference} names. */
export function certificateSecret(certificate: Certificate): JsonObject {
  return typed(SECRET, {
    name: `certificate/${certificate.name}`,
    tls_certificate: {
      certificate_chain: { inline_string: certificate.certificate },
      private_key: { inline_string: certificate.privateKey },
    },
  });
}

/** The secret that {@link authorityReference} names. */
export function authoritySecret(authority: Authority): JsonObject {
  return typed(SECRET, {
    name: `authority/${authority.name}`,
    validation_context: { trusted_ca: { inline_string: authority.certificates } },
  });
}
