import assert from "assert";
import { deploymentOf, leaseAndMapRights, rights } from "../../../../lib/cli/manifests/parts.ts";

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

Deno.test("rights() are a role and its binding, for a ServiceAccount of kube-system", () => {
  for (const [namespace, kind] of [[undefined, "ClusterRole"], ["lb", "Role"]] as const) {
    const within = namespace === undefined ? {} : { namespace };
    const [role, binding] = rights({ name: "n", ...within, rules: [] });
    assert.equal(role?.["kind"], kind);
    assert.equal(binding?.["kind"], `${kind}Binding`);
    assert.deepEqual(binding?.["roleRef"], {
      apiGroup: "rbac.authorization.k8s.io",
      kind,
      name: "n",
    });
    assert.deepEqual(binding?.["subjects"], [
      { kind: "ServiceAccount", name: "n", namespace: "kube-system" },
    ]);
    assert.equal((role?.["metadata"] as { namespace?: string }).namespace, namespace);
  }
});

Deno.test("leaseAndMapRights() name Lease and ConfigMap for everything but create", () => {
  const place = { lease: "lock", verbs: ["list"] };
  const cases = [["kube-system", 1], ["lb", 2]] as const;
  for (const [namespace, roles] of cases) {
    const made = leaseAndMapRights("n", { ...place, map: { namespace, name: "pools" } });
    const rules = made.flatMap(({ rules = [] }) => rules as readonly Record<string, unknown>[]);
    assert.equal(made.length, 2 * roles);
    assert.deepEqual(rules.map(({ resourceNames, verbs }) => [resourceNames, verbs]), [
      [["pools"], ["list"]],
      [undefined, ["create"]],
      [["lock"], ["get", "list", "watch", "patch"]],
    ]);
  }
});
