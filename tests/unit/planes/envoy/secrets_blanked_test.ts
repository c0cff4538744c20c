import assert from "assert";
import { blanked } from "../../../../lib/planes/envoy/secrets_blanked.ts";

Deno.test("blanked() takes private keys out, wherever they are", () => {
  const dump = {
    list: [{ tls: { private_key: { inline_string: "KEY" }, chain: "x" } }],
    n: 1,
    z: null,
  };
  const expected = { list: [{ tls: { private_key: "[redacted]", chain: "x" } }], n: 1, z: null };
  assert.deepEqual(blanked(dump), expected);
});
