import assert from "assert";
import { decodeGatewayObject } from "../../../../lib/cli/app/gateway_object.ts";

Deno.test("decodeGatewayObject() wants a spec", () => {
  const metadata = { name: "web", uid: "", resourceVersion: "" };
  assert.throws(() => decodeGatewayObject("Gateway", { metadata }), /Gateway web without spec/);
  assert.deepEqual(decodeGatewayObject("Gateway", { metadata, spec: {}, status: { a: 1 } }), {
    ...{ kind: "Gateway", metadata, spec: {}, status: { a: 1 } },
  });
});
