import assert from "assert";
import { fromBase64, keyPairReader } from "../../../lib/gateway/key_pairs.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

const { secrets } = gatewayInput(
  gatewayYaml("") + `---
kind: Secret
metadata: { name: cert }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
`,
);

Deno.test("keyPairReader() reads a Secret once and misses what is not there", () => {
  const read = keyPairReader(new Map(secrets.map((one) => [one.metadata.name, one])));
  assert.equal(read("cert")?.problem, undefined);
  assert.match(read("cert")?.certificate ?? "", /BEGIN CERTIFICATE/);
  assert.equal(read("cert"), read("cert"));
  assert.equal(read("gone"), undefined);
});

Deno.test("fromBase64() takes line breaks, and nothing for what is no base64", () => {
  assert.equal(fromBase64("aGVs\nbG8="), "hello");
  assert.deepEqual([fromBase64("%"), fromBase64(undefined)], ["", ""]);
});
