import assert from "assert";
import { planGateway } from "../../../lib/gateway/plan.ts";
import { gatewayInput, NOW } from "../../fakes/gateway_input.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { line, servedAll } from "../../fakes/gateway_text.ts";

const BASE = gatewayYaml("{ name: http, port: 80, protocol: HTTP }") +
  objectYaml("Service", "web", "{ ports: [{ name: https, port: 443 }] }") +
  objectYaml("Service", "other", "{ ports: [{ port: 443 }] }") +
  objectYaml(
    "HTTPRoute",
    "r",
    `{ parentRefs: [{ name: gw }],
    rules: [{ backendRefs: [{ name: web, port: 443 }] }] }`,
  ) +
  objectYaml(
    "HTTPRoute",
    "lost",
    `{ parentRefs: [{ name: gw, port: 9 }],
    rules: [{ backendRefs: [{ name: other, port: 443 }] }] }`,
  );
const policy = (name: string, targets: string, validation = "wellKnownCACertificates: System") =>
  objectYaml(
    "BackendTLSPolicy",
    name,
    `{ targetRefs: [${targets}],
    validation: { hostname: x, ${validation} } }`,
  );
const service = (name: string, section = "") =>
  `{ group: "", kind: Service, name: ${name}${section && `, sectionName: ${section}`} }`;

function accepted(manifest: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    servedAll(planOf(BASE + manifest)).policies.map(({ name, ancestor }) => [
      name,
      line({ ...(ancestor.conditions?.[0] ?? assert.fail()), message: "" }),
    ]),
  );
}

/** BackendTLSPolicyConflictResolution. */
Deno.test("concernedPolicies() lets the older win, and a port's policy beside the Service's", () => {
  assert.deepEqual(
    accepted(
      policy("a-one", service("web")) + policy("b-two", service("web")) +
        policy("port-1", service("web", "https")) + policy("port-2", service("web", "https")),
    ),
    {
      "a-one": "Accepted True Accepted",
      "b-two": "Accepted False Conflicted",
      "port-1": "Accepted True Accepted",
      "port-2": "Accepted False Conflicted",
    },
  );
});

Deno.test("concernedPolicies() leaves out Services that no attached route uses", () => {
  assert.deepEqual(accepted(policy("p", service("other")) + policy("q", service("gone"))), {});
});

Deno.test("concernedPolicies() leaves out Services that routes name without a grant", () => {
  const foreign = `
---
kind: Service
metadata: { name: api, namespace: vault }
spec: { ports: [{ port: 443 }] }
---
kind: BackendTLSPolicy
metadata: { name: theirs, namespace: vault }
spec:
  targetRefs: [${service("api")}]
  validation: { hostname: x, wellKnownCACertificates: System }
` + objectYaml(
    "HTTPRoute",
    "stranger",
    `{ parentRefs: [{ name: gw }],
    rules: [{ backendRefs: [{ name: api, namespace: vault, port: 443 }] }] }`,
  );
  const granted = `
---
kind: ReferenceGrant
metadata: { name: g, namespace: vault }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: infra }]
  to: [{ group: "", kind: Service }]
`;
  assert.deepEqual(accepted(foreign), {});
  assert.deepEqual(accepted(foreign + granted), { theirs: "Accepted True Accepted" });
});

Deno.test("concernedPolicies() accepts a policy that wins one of its targets", () => {
  const found = accepted(
    policy("a", service("web")) +
      policy("b", `${service("web")}, ${service("web", "https")}`),
  );
  assert.equal(found["b"], "Accepted True Accepted");
});

Deno.test("concernedPolicies() misses a port of that name", () => {
  assert.equal(accepted(policy("p", service("web", "x")))["p"], "Accepted False TargetNotFound");
});

/** BackendTLSPolicyInvalidCACertificateRef. */
Deno.test("policyAncestor() names the Gateway in full and keeps times", () => {
  const refs = `caCertificateRefs: [{ group: "", kind: ConfigMap, name: gone }]`;
  const input = gatewayInput(BASE + policy("p", service("web"), refs));
  const ancestorRef = {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    namespace: "infra",
    name: "gw",
  };
  const old = { reason: "x", message: "", lastTransitionTime: "2025-01-01T00:00:00Z" };
  const policies = input.policies.map((one) => ({
    ...one,
    status: {
      ancestors: [{
        ancestorRef,
        controllerName: input.controllerName,
        conditions: [{ ...old, type: "Accepted", status: "False" as const }],
      }],
    },
  }));
  const [found] = servedAll(planGateway({ ...input, policies })).policies;
  assert.deepEqual(found?.ancestor.ancestorRef, ancestorRef);
  assert.deepEqual(
    found?.ancestor.conditions?.map((one) => [one.type, one.reason, one.lastTransitionTime]),
    [
      ["Accepted", "NoValidCACertificate", "2025-01-01T00:00:00Z"],
      ["ResolvedRefs", "InvalidCACertificateRef", NOW],
    ],
  );
});
