import assert from "assert";
import { planPolicies, policyFor, targetKeys } from "../../../lib/gateway/backend_policies.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import type { BackendTLSPolicy } from "../../../lib/gateway/types.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

const found = lookups(gatewayInput(
  gatewayYaml("") + `---
kind: ConfigMap
metadata: { name: ca }
data: { ca.crt: "@authority.pem" }
---
kind: ConfigMap
metadata: { name: empty }
`,
));

function policy(
  name: string,
  spec: Partial<BackendTLSPolicy["spec"]["validation"]> & { readonly section?: string } = {},
): BackendTLSPolicy {
  const { section, ...validation } = spec;
  const target = { group: "", kind: "Service", name: "web" };
  return {
    metadata: { name, namespace: "infra", uid: name, resourceVersion: "1" },
    spec: {
      targetRefs: [{ ...target, ...(section === undefined ? {} : { sectionName: section }) }],
      validation: { hostname: "web", wellKnownCACertificates: "System", ...validation },
    },
  };
}

const configMaps = (...names: readonly string[]) => ({
  caCertificateRefs: names.map((name) => ({ group: "", kind: "ConfigMap", name })),
});

const cases: readonly {
  readonly name: string;
  readonly policy: BackendTLSPolicy;
  readonly want: readonly (string | undefined)[];
}[] = [
  { name: "what the system trusts", policy: policy("p"), want: [undefined, undefined, "system"] },
  {
    name: "a ConfigMap",
    policy: policy("p", configMaps("ca")),
    want: [undefined, undefined, "infra/ca"],
  },
  {
    name: "one good and one bad ConfigMap",
    policy: policy("p", configMaps("ca", "missing")),
    want: [undefined, "InvalidCACertificateRef", "infra/ca"],
  },
  {
    name: "a ConfigMap without certificates",
    policy: policy("p", configMaps("empty")),
    want: ["NoValidCACertificate", "InvalidCACertificateRef", undefined],
  },
  {
    name: "another kind",
    policy: policy("p", { caCertificateRefs: [{ group: "", kind: "Secret", name: "ca" }] }),
    want: ["NoValidCACertificate", "InvalidKind", undefined],
  },
  {
    name: "a trust that nobody knows",
    policy: policy("p", { wellKnownCACertificates: "Moon" }),
    want: ["Invalid", undefined, undefined],
  },
  {
    name: "an empty alternative name",
    policy: policy("p", { subjectAltNames: [{ type: "URI" }] }),
    want: ["Invalid", undefined, undefined],
  },
];

Deno.test.each(cases)("planPolicies() with $name", ({ policy, want }) => {
  const [planned] = planPolicies([policy], found).all;
  const { refused, unresolved, tls } = planned ?? {};
  assert.deepEqual([refused?.reason, unresolved?.reason, tls?.authority], want);
});

Deno.test("policyFor() prefers the port's policy, and of equal ones the first by age and name", () => {
  const book = planPolicies([
    policy("b-whole"),
    policy("a-whole"),
    policy("port", { section: "https" }),
  ], found);
  const service = {
    metadata: { name: "web", namespace: "infra", uid: "s", resourceVersion: "1" },
    spec: {},
  };
  const names = [{ name: "https", port: 443 }, { name: "alt", port: 8443 }, { port: 1 }]
    .map((port) => policyFor(service, port, book)?.policy.metadata.name);
  assert.deepEqual(names, ["port", "a-whole", "a-whole"]);
});

Deno.test("targetKeys() leaves out what is no Service", () => {
  const bucket = { group: "example.com", kind: "Bucket", name: "b" };
  const { metadata, spec } = policy("p", { section: "https" });
  const targetRefs = [...spec.targetRefs, bucket];
  assert.deepEqual(targetKeys({ metadata, spec: { ...spec, targetRefs } }), ["infra/web#https"]);
});
