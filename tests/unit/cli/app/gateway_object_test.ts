import assert from "assert";
import { decodeGatewayObject } from "../../../../lib/cli/app/gateway_object.ts";

Deno.test("decodeGatewayObject() wants a spec", () => {
  const metadata = { name: "web", uid: "", resourceVersion: "" };
  assert.throws(() => decodeGatewayObject("Gateway", { metadata }), /Gateway web without spec/);
  assert.deepEqual(decodeGatewayObject("Gateway", { metadata, spec: {}, status: { a: 1 } }), {
    ...{ kind: "Gateway", metadata, spec: {}, status: { a: 1 } },
  });
});

for (
  const [kind, spec, lacks] of [
    ["BackendTLSPolicy", { targetRef: {}, validation: {} }, "spec.targetRefs"],
    ["BackendTLSPolicy", { targetRefs: [], tls: {} }, "spec.validation"],
    ["ListenerSet", { parentRef: {} }, "spec.listeners"],
    ["ListenerSet", { listeners: [] }, "spec.parentRef"],
    ["ReferenceGrant", { from: [] }, "spec.to"],
    ["ReferenceGrant", { to: [] }, "spec.from"],
  ] as const
) {
  Deno.test(`decodeGatewayObject() reads no ${kind} without ${lacks}, as old releases have it`, () => {
    const metadata = { name: "web", uid: "", resourceVersion: "" };
    assert.throws(() => decodeGatewayObject(kind, { metadata, spec }), {
      kind: "unavailable",
      message: new RegExp(`${kind} web without ${lacks}`),
    });
  });
}
