/** Certificates and keys as people store them in Secrets: good, odd and broken. */
import { join } from "node:path";
import { run } from "../../e2e/bed/shell.ts";

/** What a Secret holds; PEM or anything else. */
export interface OddPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Arguments of `openssl req` that make a key, by what is odd about it. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "p521": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
  "p224": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-224"],
  "explicit": [
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ...["-pkeyopt", "ec_param_enc:explicit"],
  ],
  "k256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
  "ed25519": ["-newkey", "ed25519"],
  "ed448": ["-newkey", "ed448"],
  "rsa2048": ["-newkey", "rsa:2048"],
  "rsa1024": ["-newkey", "rsa:1024"],
  "rsa3": ["-newkey", "rsa:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
  "pss": ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
};

const RSA = ["-newkey", "rsa:2048"];

/** Arguments that make an odd certificate around a good key. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  "must-staple": ["-addext", "tlsfeature=status_request"],
  "many-names": [
    "-addext",
    `subjectAltName=${Array.from({ length: 200 }, (_, at) => `DNS:h${at}.example.com`).join(",")}`,
  ],
  "wild-name": ["-addext", "subjectAltName=DNS:*"],
  "ip-name": ["-addext", "subjectAltName=IP:10.0.0.1"],
  "for-clients": ["-addext", "extendedKeyUsage=clientAuth"],
  "critical": ["-addext", "1.2.3.4=critical,DER:0500"],
  "no-signing": ["-addext", "keyUsage=critical,cRLSign"],
  "empty-name": ["-subj", "/"],
  "no-common-name": ["-subj", "/O=test"],
  "empty-common-name": ["-subj", "/CN=\\0"],
  "nameless-ip": ["-subj", "/", "-addext", "subjectAltName=IP:10.0.0.1"],
  "nameless-mail": ["-subj", "/", "-addext", "subjectAltName=email:a@example.com"],
  "named-mail": ["-addext", "subjectAltName=email:a@example.com"],
  "named-other": ["-addext", "subjectAltName=otherName:1.2.3.4;UTF8:a"],
  "named-dir": ["-addext", "subjectAltName=RID:1.2.3.4"],
  "long-chain-name": ["-addext", "subjectAltName=DNS:,email:copy"],
  "rsa-no-signing": [...RSA, "-addext", "keyUsage=critical,cRLSign"],
  "nameless-uri": ["-subj", "/O=test", "-addext", "subjectAltName=URI:spiffe://a/b"],
  "agreement": ["-addext", "keyUsage=critical,keyAgreement"],
  "encipherment": [...RSA, "-addext", "keyUsage=critical,keyEncipherment"],
  "signing": ["-addext", "keyUsage=digitalSignature"],
  "code": ["-addext", "extendedKeyUsage=codeSigning"],
  "sha1": ["-sha1"],
};

/** Every odd pair by name; takes a second or two, for `openssl` makes most of them. */
export async function oddPairs(): Promise<ReadonlyMap<string, OddPair>> {
  const directory = await Deno.makeTempDir({ prefix: "berth-odd-" });
  try {
    const found = new Map<string, OddPair>();
    const jobs = [
      ...Object.entries(KEYS).map(([name, key]) => ({ name, args: [...key] })),
      ...Object.entries(SHAPES).map(([name, more]) => ({
        name,
        args: more.includes("-newkey") ? more : [...KEYS["p256"] ?? [], ...more],
      })),
    ];
    for (const { name, args } of jobs) {
      const pair = await selfSigned(directory, name, args);
      if (pair !== undefined) found.set(name, pair);
    }
    return new Map([...found, ...derived(found)]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Undefined where this openssl cannot make one. */
async function selfSigned(
  directory: string,
  name: string,
  args: readonly string[],
): Promise<OddPair | undefined> {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const subject = args.includes("-subj") ? [] : ["-subj", `/CN=${name}.example.com`];
  try {
    await run([
      "openssl",
      ...["req", "-x509", "-nodes", "-days", "3650", "-keyout", key, "-out", cert],
      ...args,
      ...subject,
    ]);
    return { certificate: await Deno.readTextFile(cert), privateKey: await Deno.readTextFile(key) };
  } catch {
    return undefined;
  }
}

const EMPTY: OddPair = { certificate: "", privateKey: "" };

/** What people make of good pairs. */
function derived(found: ReadonlyMap<string, OddPair>): ReadonlyMap<string, OddPair> {
  const good = found.get("p256") ?? EMPTY;
  const other = found.get("rsa2048") ?? EMPTY;
  const { certificate, privateKey } = good;
  const cut = `${certificate.slice(0, 120)}\n-----END CERTIFICATE-----\n`;
  const named = (kind: string) => certificate.replaceAll("CERTIFICATE", kind);
  const bytes = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  return new Map<string, OddPair>([
    ["foreign-key", { certificate, privateKey: other.privateKey }],
    ["no-key", { certificate, privateKey: "" }],
    ["no-certificate", { certificate: "", privateKey }],
    ["words", { certificate: "certificate", privateKey: "key" }],
    ["swapped", { certificate: privateKey, privateKey: certificate }],
    ["key-in-both", { certificate: privateKey + certificate, privateKey }],
    ["certificate-in-both", { certificate, privateKey: certificate + privateKey }],
    ["chain", { certificate: certificate + other.certificate, privateKey }],
    ["same-twice", { certificate: certificate + certificate, privateKey }],
    ["bad-second", { certificate: certificate + bytes, privateKey }],
    ["bad-first", { certificate: bytes + certificate, privateKey }],
    ["cut-second", { certificate: certificate + cut, privateKey }],
    ["open-second", { certificate: `${certificate}-----BEGIN CERTIFICATE-----\nAAAA`, privateKey }],
    ["crlf", { certificate: certificate.replaceAll("\n", "\r\n"), privateKey }],
    ["one-line", { certificate: certificate.replaceAll("\n", ""), privateKey }],
    ["indented", { certificate: certificate.replaceAll("\n", "\n  "), privateKey }],
    ["with-words", { certificate: `Subject: a\n\n${certificate}\nend`, privateKey }],
    ["old-header", { certificate: named("X509 CERTIFICATE"), privateKey }],
    ["trusted", { certificate: named("TRUSTED CERTIFICATE"), privateKey }],
    ["trusted-second", { certificate: certificate + named("TRUSTED CERTIFICATE"), privateKey }],
    ["old-second", { certificate: certificate + named("X509 CERTIFICATE"), privateKey }],
    ["odd-second", {
      certificate: `${certificate}-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n` +
        "-----END TRUSTED CERTIFICATE-----\n",
      privateKey,
    }],
    ["no-break", { certificate: certificate.trimEnd(), privateKey: privateKey.trimEnd() }],
    ["joined", { certificate: certificate.trimEnd() + certificate, privateKey }],
    ["mark", { certificate: `\ufeff${certificate}`, privateKey: `\ufeff${privateKey}` }],
    ["zero", { certificate: `${certificate}\0`, privateKey: `${privateKey}\0` }],
    ["zero-first", { certificate: `\0${certificate}`, privateKey }],
    ["two-keys", { certificate, privateKey: privateKey + other.privateKey }],
    ["two-keys-late", { certificate, privateKey: other.privateKey + privateKey }],
    ["words-key", { certificate, privateKey: `key:\n${privateKey}` }],
    ["odd-key-first", {
      certificate,
      privateKey: `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${privateKey}`,
    }],
    ["headers", {
      certificate: certificate.replace("-----\n", "-----\nComment: a\n\n"),
      privateKey,
    }],
    ["umlaut", { certificate: `# Schlüssel für Bäume ✓\n${certificate}`, privateKey }],
  ]);
}
