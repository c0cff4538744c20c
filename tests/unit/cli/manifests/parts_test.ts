import assert from "assert";
import { deploymentOf, grant, leaseRules, role } from "../../../../lib/cli/manifests/parts.ts";

Deno.test("deploymentOf() runs without root, writes nothing and answers probes", () => {
  const manifest = deploymentOf({ name: "berth-x", image: "i:1", mode: "ipam", port: 1234 });
  // deno-lint-ignore no-explicit-any -- a look into plain YAML data
  const { replicas, selector, template } = manifest["spec"] as any;
  assert.equal(replicas, 2);
  assert.deepEqual(selector.matchLabels, template.metadata.labels);
  assert.equal(template.spec.securityContext.runAsNonRoot, true);
  const [container] = template.spec.containers;
  assert.deepEqual(container.args, ["ipam"]);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  assert.equal(container.readinessProbe.httpGet.path, "/readyz");
  assert.equal(container.ports[0].containerPort, 1234);
});

Deno.test("role() and grant() fit together", () => {
  for (const cluster of [true, false]) {
    const given = grant({ name: "n", cluster });
    const made = role({ name: "n", cluster, rules: [] });
    assert.deepEqual(given["roleRef"], {
      apiGroup: "rbac.authorization.k8s.io",
      kind: made["kind"],
      name: "n",
    });
  }
});

Deno.test("leaseRules() name the Lease for everything but create", () => {
  const [create, rest] = leaseRules("lock");
  assert.deepEqual(create?.["verbs"], ["create"]);
  assert.deepEqual(rest?.["resourceNames"], ["lock"]);
});
