import assert from "assert";
import {
  authorityFile,
  authorityReference,
  authoritySecret,
  certificateFile,
  certificateReference,
  certificateSecret,
} from "../../../../../lib/planes/envoy/config/secrets.ts";

const source = (file: string) => ({ path: file });

Deno.test("certificateReference() and certificateSecret() meet", () => {
  const secret = certificateSecret({ name: "shop/tls", certificate: "C", privateKey: "K" });
  const reference = certificateReference("shop/tls", source);
  assert.equal(reference.name, secret.name);
  assert.deepEqual(reference.sds_config, { path: certificateFile("shop/tls") });
  assert.deepEqual(secret.tls_certificate, {
    certificate_chain: { inline_string: "C" },
    private_key: { inline_string: "K" },
  });
});

Deno.test("authorityReference() and authoritySecret() meet", () => {
  const secret = authoritySecret({ name: "shop/ca", certificates: "C" });
  const reference = authorityReference("shop/ca", source);
  assert.equal(reference.name, secret.name);
  assert.deepEqual(reference.sds_config, { path: authorityFile("shop/ca") });
  assert.deepEqual(secret.validation_context, { trusted_ca: { inline_string: "C" } });
});
