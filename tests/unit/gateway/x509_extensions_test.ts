import assert from "assert";
import { X509Certificate } from "node:crypto";
import { extensionOf } from "../../../lib/gateway/x509_extensions.ts";

const keys = new URL("../../testdata/gateway/keys/", import.meta.url);
const der = (name: string) =>
  new X509Certificate(Deno.readTextFileSync(new URL(`${name}.pem`, keys))).raw;

Deno.test("extensionOf() finds what a certificate has, critical or not", () => {
  // BIT STRING of one bit that is set: cRLSign
  assert.deepEqual([...extensionOf(der("no_signing"), "keyUsage")?.subarray(0, 4) ?? []], [
    3,
    2,
    1,
    2,
  ]);
  // SEQUENCE of INTEGER 5: status_request
  assert.deepEqual([...extensionOf(der("must_staple"), "tlsFeature")?.subarray(0, 5) ?? []], [
    0x30,
    3,
    2,
    1,
    5,
  ]);
});

Deno.test("extensionOf() finds nothing where there is nothing", () => {
  assert.equal(extensionOf(der("must_staple"), "keyUsage"), undefined);
  assert.equal(extensionOf(der("nameless"), "tlsFeature"), undefined);
  assert.equal(extensionOf(new Uint8Array(), "keyUsage"), undefined);
});
