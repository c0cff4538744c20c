import assert from "assert";
import { gatewayYaml, listenerConditions, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { line, servedAll } from "../../fakes/gateway_text.ts";

const HTTP = "{ name: http, port: 80, protocol: HTTP }";

Deno.test("listenerStatuses() has every condition, also the good ones", () => {
  assert.deepEqual(listenerConditions(planOf(gatewayYaml(HTTP)), "http"), [
    "Accepted True Accepted",
    "Conflicted False NoConflicts",
    "Programmed True Programmed",
    "ResolvedRefs True ResolvedRefs",
  ]);
});

/** GatewayInvalidTLSConfiguration, GatewaySecretMissingReferenceGrant. */
Deno.test.each([
  { ref: "{ name: gone }", want: "InvalidCertificateRef" },
  { ref: "{ name: c, group: example.com }", want: "InvalidCertificateRef" },
  { ref: "{ name: c, kind: Vault }", want: "InvalidCertificateRef" },
  { ref: "{ name: c, namespace: keys }", want: "RefNotPermitted" },
])("listenerStatuses() with certificate $ref", ({ ref, want }) => {
  const plan = planOf(
    gatewayYaml(`{ name: l, port: 443, protocol: HTTPS, tls: { certificateRefs: [${ref}] } }`),
  );
  assert.deepEqual(listenerConditions(plan, "l"), [
    "Accepted True Accepted",
    "Conflicted False NoConflicts",
    "Programmed False Invalid",
    `ResolvedRefs False ${want}`,
  ]);
});

Deno.test("listenerStatuses() tells of conflicts in three conditions", () => {
  const plan = planOf(gatewayYaml(`${HTTP}, { name: tcp, port: 80, protocol: TCP }`));
  assert.deepEqual(listenerConditions(plan, "tcp").slice(0, 3), [
    "Accepted False ProtocolConflict",
    "Conflicted True ProtocolConflict",
    "Programmed False ProtocolConflict",
  ]);
});

Deno.test("listenerStatuses() counts routes on listeners that cannot serve, too", () => {
  const plan = planOf(
    gatewayYaml(
      "{ name: l, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: x }] } }",
    ) +
      objectYaml("HTTPRoute", "a", "{ parentRefs: [{ name: gw }, { name: gw, sectionName: l }] }") +
      objectYaml("HTTPRoute", "b", "{ parentRefs: [{ name: gw, port: 1 }] }"),
  );
  assert.equal(servedAll(plan).gateway.listeners?.[0]?.attachedRoutes, 1);
});

Deno.test("listenerStatuses() says what the proxy refused on a port", () => {
  const statuses = planOf(gatewayYaml(HTTP)).statuses({
    served: {
      key: "k",
      addresses: [{ address: "172.18.0.100" }],
      published: [],
      refused: [{ port: 80, message: "no such filter" }],
      warnings: [],
    },
  });
  const [status] = statuses.gateway.listeners ?? [];
  assert.deepEqual(
    status?.conditions.filter(({ type }) => type === "Programmed").map(line),
    ["Programmed False Invalid: the proxy refuses it: no such filter"],
  );
});
