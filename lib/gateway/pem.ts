import { createPrivateKey, X509Certificate } from "node:crypto";
import { extensionOf } from "./x509_extensions.ts";

const block = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;

/** RFC 7468, section 11, and the older form of RFC 1421. */
const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** What is wrong with a certificate chain and its key, both in PEM, or undefined. */
export function keyPairProblem(certificate: string, privateKey: string): string | undefined {
  if (certificate === "") return "tls.crt is missing or empty";
  if (privateKey === "") return "tls.key is missing or empty";
  const leaf = parseCertificates(certificate)?.[0];
  if (leaf === undefined) return "tls.crt holds no certificate in PEM";
  const weak = keyProblem(leaf) ?? contentProblem(leaf);
  if (weak !== undefined) return weak;
  try {
    const key = createPrivateKey(privateKey);
    return leaf.checkPrivateKey(key) ? undefined : "tls.key is not the key of tls.crt";
  } catch {
    return encrypted.test(privateKey)
      ? "tls.key is encrypted, and keys without a passphrase alone can be read"
      : "tls.key holds no private key in PEM";
  }
}

/** What is wrong with certificates that are to be trusted, in PEM, or undefined. */
export function authorityProblem(certificates: string): string | undefined {
  const found = parseCertificates(certificates);
  return found === undefined || found.length === 0
    ? "ca.crt holds no certificate in PEM"
    : undefined;
}

/**
 * The certificates of a text and nothing else, in PEM: no words between them, no private key that
 * somebody put beside them, nothing that another reader of PEM stumbles over.
 */
export function certificatesAlone(text: string): string {
  return (parseCertificates(text) ?? []).map((one) => pemOf(one.raw)).join("");
}

function pemOf(der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

const MIN_RSA_BITS = 2048;
const CURVES: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];
const KINDS: readonly string[] = ["rsa", "ec", "ed25519"];

/** Envoy loads no other keys (tried with 1.40). */
function keyProblem(leaf: X509Certificate): string | undefined {
  const publicKey = publicKeyOf(leaf);
  const kind = publicKey?.asymmetricKeyType ?? "";
  if (publicKey === undefined || !KINDS.includes(kind)) {
    return `the key of tls.crt is of a kind that is not served${kind && ` (${kind})`}, and RSA, ` +
      "ECDSA with a named curve and Ed25519 alone are";
  }
  const { modulusLength = MIN_RSA_BITS, namedCurve = "prime256v1" } =
    publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS) {
    return `the RSA key of tls.crt has ${modulusLength} bits, and ${MIN_RSA_BITS} are the least`;
  }
  return CURVES.includes(namedCurve)
    ? undefined
    : `the key of tls.crt is on curve ${namedCurve}, and P-256, P-384 and P-521 alone are served`;
}

/** Undefined for keys that cannot be read; then reading throws. */
function publicKeyOf(leaf: X509Certificate): X509Certificate["publicKey"] | undefined {
  try {
    return leaf.publicKey;
  } catch {
    return undefined;
  }
}

const NAMES = /(?:^|, )(?:DNS|IP Address|URI):/;
const DIGITAL_SIGNATURE = 0x80;

/** Envoy loads no such certificates either (tried with 1.40). */
function contentProblem(leaf: X509Certificate): string | undefined {
  // of some certificates these are undefined, whatever the types say
  const names: string | undefined = leaf.subjectAltName;
  const subject: string | undefined = leaf.subject;
  if (!NAMES.test(names ?? "") && !/^CN=/m.test(subject ?? "")) {
    return "tls.crt names no host, neither as subjectAltName nor as common name";
  }
  if (extensionOf(leaf.raw, "tlsFeature") !== undefined) {
    return "tls.crt asks for OCSP stapling (must-staple), which is not served";
  }
  const usage = extensionOf(leaf.raw, "keyUsage");
  const isRsa = leaf.publicKey.asymmetricKeyType === "rsa";
  // a BIT STRING: tag, length, unused bits, bits
  return usage !== undefined && !isRsa && ((usage[3] ?? 0) & DIGITAL_SIGNATURE) === 0
    ? "the keyUsage of tls.crt does not allow digital signatures"
    : undefined;
}

/** All certificates of a text; undefined when one of them cannot be read. */
function parseCertificates(text: string): readonly X509Certificate[] | undefined {
  try {
    return (text.match(block) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}
