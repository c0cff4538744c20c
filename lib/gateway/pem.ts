import { createPrivateKey, X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;

/** What is wrong with a certificate chain and its key, both in PEM, or undefined. */
export function keyPairProblem(certificate: string, privateKey: string): string | undefined {
  const leaf = parseCertificates(certificate)?.[0];
  if (leaf === undefined) return "tls.crt holds no certificate in PEM";
  const weak = weakness(leaf);
  if (weak !== undefined) return weak;
  try {
    const key = createPrivateKey(privateKey);
    return leaf.checkPrivateKey(key) ? undefined : "tls.key is not the key of tls.crt";
  } catch {
    return "tls.key holds no private key in PEM";
  }
}

/** What is wrong with certificates that are to be trusted, in PEM, or undefined. */
export function authorityProblem(certificates: string): string | undefined {
  const found = parseCertificates(certificates);
  return found === undefined || found.length === 0
    ? "ca.crt holds no certificate in PEM"
    : undefined;
}

const MIN_RSA_BITS = 2048;
const CURVES: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];

/** Envoy loads no other keys of these kinds (tried with 1.40). */
function weakness({ publicKey }: X509Certificate): string | undefined {
  const { modulusLength = MIN_RSA_BITS, namedCurve = "prime256v1" } =
    publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS) {
    return `the RSA key of tls.crt has ${modulusLength} bits, and ${MIN_RSA_BITS} are the least`;
  }
  return CURVES.includes(namedCurve)
    ? undefined
    : `the key of tls.crt is on curve ${namedCurve}, and P-256, P-384 and P-521 alone are served`;
}

/** All certificates of a text; undefined when one of them cannot be read. */
function parseCertificates(text: string): readonly X509Certificate[] | undefined {
  try {
    return (text.match(block) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}
