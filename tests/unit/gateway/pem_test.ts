import assert from "assert";
import { authorityProblem, certificatesAlone, keyPairProblem } from "../../../lib/gateway/pem.ts";

const keys = new URL("../../testdata/gateway/keys/", import.meta.url);
const read = (name: string) => Deno.readTextFileSync(new URL(name, keys));
const garbage = "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----\n";

Deno.test("keyPairProblem() takes a certificate with its key", () => {
  assert.equal(keyPairProblem(read("server.pem"), read("server.key")), undefined);
  const chain = read("server.pem") + read("authority.pem");
  assert.equal(keyPairProblem(chain, read("server.key")), undefined);
});

Deno.test.each([
  { name: "no certificate", crt: "", key: read("server.key"), want: /tls.crt is missing or empty/ },
  { name: "no PEM", crt: "hello", key: read("server.key"), want: /tls.crt holds no/ },
  { name: "no key at all", crt: read("server.pem"), key: "", want: /tls.key is missing or empty/ },
  {
    name: "an encrypted key",
    crt: read("server.pem"),
    key: "-----BEGIN ENCRYPTED PRIVATE KEY-----\nZm9v\n-----END ENCRYPTED PRIVATE KEY-----\n",
    want: /tls.key is encrypted/,
  },
  {
    name: "an encrypted key of the older form",
    crt: read("server.pem"),
    key: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nZm9v\n-----END RSA " +
      "PRIVATE KEY-----\n",
    want: /tls.key is encrypted/,
  },
  { name: "a broken certificate", crt: garbage, key: read("server.key"), want: /tls.crt holds no/ },
  { name: "no key", crt: read("server.pem"), key: "hello", want: /tls.key holds no/ },
  { name: "another key", crt: read("server.pem"), key: read("client.key"), want: /not the key of/ },
  {
    name: "a short RSA key",
    crt: read("short_rsa.pem"),
    key: read("short_rsa.key"),
    want: /has 1024 bits/,
  },
  {
    name: "a foreign curve",
    crt: read("odd_curve.pem"),
    key: read("odd_curve.key"),
    want: /curve secp256k1/,
  },
  ...[
    { name: "explicit_curve", want: /of a kind that is not served/ },
    { name: "must_staple", want: /asks for OCSP stapling/ },
    { name: "nameless", want: /names no host/ },
    { name: "no_signing", want: /does not allow digital signatures/ },
  ].map((one) => ({ ...one, crt: read(`${one.name}.pem`), key: read(`${one.name}.key`) })),
  {
    name: "a chain that does not begin with the leaf",
    crt: read("authority.pem") + read("server.pem"),
    key: read("server.key"),
    want: /not the key of/,
  },
])("keyPairProblem() refuses $name", ({ crt, key, want }) => {
  assert.match(keyPairProblem(crt, key) ?? "", want);
});

Deno.test("authorityProblem() wants certificates, all of them readable", () => {
  assert.equal(authorityProblem(read("authority.pem")), undefined);
  assert.equal(authorityProblem(read("authority.pem") + read("server.pem")), undefined);
  for (const text of ["", "hello", garbage, read("authority.pem") + garbage]) {
    assert.match(authorityProblem(text) ?? "", /ca.crt holds no certificate/);
  }
});

Deno.test("certificatesAlone() keeps certificates as they are and drops all else", () => {
  const [first, second] = [read("server.pem"), read("authority.pem")];
  assert.equal(certificatesAlone(first + second), first + second);
  const odd = [
    `\0words\n${first.trimEnd()}${second}-----BEGIN CERTIFICATE-----\nAAAA`,
    read("server.key") + first + read("client.key") + second,
    (first + second).replaceAll("\n", "\r\n"),
  ];
  for (const text of odd) assert.equal(certificatesAlone(text), first + second);
  assert.equal(certificatesAlone("words"), "");
});
