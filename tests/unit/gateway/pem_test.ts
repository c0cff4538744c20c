import assert from "assert";
import { authorityProblem, keyPairProblem } from "../../../lib/gateway/pem.ts";

const keys = new URL("../../testdata/gateway/keys/", import.meta.url);
const read = (name: string) => Deno.readTextFileSync(new URL(name, keys));
const garbage = "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----\n";

Deno.test("keyPairProblem() takes a certificate with its key", () => {
  assert.equal(keyPairProblem(read("server.pem"), read("server.key")), undefined);
  const chain = read("server.pem") + read("authority.pem");
  assert.equal(keyPairProblem(chain, read("server.key")), undefined);
});

Deno.test.each([
  { name: "no certificate", crt: "", key: read("server.key"), want: /tls.crt holds no/ },
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
