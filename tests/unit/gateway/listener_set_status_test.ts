import assert from "assert";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { line, servedAll } from "../../fakes/gateway_text.ts";

const OPEN = "allowedListeners: { namespaces: { from: Same } }";
const HTTP = "{ name: http, port: 80, protocol: HTTP, hostname: gw.example }";
const set = (listeners: string) =>
  objectYaml("ListenerSet", "set", `{ parentRef: { name: gw }, listeners: [${listeners}] }`);

const cases = [
  {
    name: "a good listener",
    manifest: gatewayYaml(HTTP, OPEN) + set("{ name: a, port: 81, protocol: HTTP }"),
    want: ["Accepted True Accepted", "Programmed True Programmed"],
    attached: 1,
  },
  {
    name: "none allowed (ListenerSetDefaultNotAllowed)",
    manifest: gatewayYaml(HTTP) + set("{ name: a, port: 81, protocol: HTTP }"),
    want: ["Accepted False NotAllowed", "Programmed False NotAllowed"],
    attached: 0,
  },
  {
    name: "one of two in conflict (ListenerSetHostnameConflict)",
    manifest: gatewayYaml(HTTP, OPEN) +
      set(
        "{ name: a, port: 80, protocol: HTTP, hostname: gw.example }, " +
          "{ name: b, port: 80, protocol: HTTP, hostname: b.example }",
      ),
    want: ["Accepted True ListenersNotValid", "Programmed True Programmed"],
    attached: 1,
  },
  {
    name: "all in conflict (ListenerSetProtocolConflict)",
    manifest: gatewayYaml(HTTP, OPEN) + set("{ name: a, port: 80, protocol: TCP }"),
    want: ["Accepted False ListenersNotValid", "Programmed False ListenersNotValid"],
    attached: 0,
  },
  {
    name: "no certificate (ListenerSetReferenceGrant)",
    manifest: gatewayYaml(HTTP, OPEN) +
      set(
        "{ name: a, port: 443, protocol: HTTPS, " +
          "tls: { certificateRefs: [{ name: c, namespace: keys }] } }",
      ),
    want: ["Accepted False ListenersNotValid", "Programmed False ListenersNotValid"],
    attached: 0,
  },
  {
    name: "a Gateway that is not accepted",
    manifest: gatewayYaml(HTTP, `${OPEN}, addresses: [{ type: x, value: y }]`) +
      set("{ name: a, port: 81, protocol: HTTP }"),
    want: ["Accepted False ParentNotAccepted", "Programmed False ParentNotAccepted"],
    attached: 0,
  },
  {
    name: "a Gateway without own listeners",
    manifest: gatewayYaml("", OPEN) + set("{ name: a, port: 81, protocol: HTTP }"),
    want: ["Accepted True Accepted", "Programmed True Programmed"],
    attached: 1,
  },
];

Deno.test.each(cases)("listenerSetStatus() with $name", ({ manifest, want, attached }) => {
  const { gateway, listenerSets } = servedAll(planOf(manifest));
  const [status] = listenerSets;
  const conditions = status?.status.conditions ?? [];
  assert.deepEqual(conditions.map((one) => line({ ...one, message: "" })), want);
  assert.equal(gateway.attachedListenerSets, attached);
});

Deno.test("listenerSetStatus() wants grants from ListenerSets, not from Gateways", () => {
  const manifest = (kind: string) =>
    gatewayYaml(HTTP, OPEN) +
    set(
      "{ name: a, port: 443, protocol: HTTPS, " +
        "tls: { certificateRefs: [{ name: cert, namespace: keys }] } }",
    ) + `---
kind: Secret
metadata: { name: cert, namespace: keys }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
---
kind: ReferenceGrant
metadata: { name: g, namespace: keys }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: ${kind}, namespace: infra }]
  to: [{ group: "", kind: Secret }]
`;
  const reason = (kind: string) => {
    const [found] = servedAll(planOf(manifest(kind))).listenerSets;
    return found?.status.listeners?.[0]?.conditions.find(({ type }) => type === "ResolvedRefs")
      ?.reason;
  };
  assert.deepEqual([reason("Gateway"), reason("ListenerSet")], ["RefNotPermitted", "ResolvedRefs"]);
});
