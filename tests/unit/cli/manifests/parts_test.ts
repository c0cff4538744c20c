import assert from "assert";
import { healthPlace } from "../../../../lib/cli/app/health_place.ts";
import { deploymentOf, leaseAndMapRights, rights } from "../../../../lib/cli/manifests/parts.ts";
import type { Settings } from "../../../../lib/cli/options.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

Deno.test("deploymentOf() runs without root, writes nothing and answers probes", () => {
  const health = healthPlace("ipam", fakeSettings("ipam"));
  const manifest = deploymentOf({ name: "berth-x", image: "i:1", mode: "ipam", health });
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
  assert.equal(container.ports[0].containerPort, 10_258);
});

Deno.test("deploymentOf() passes another place of probes on, with the right to listen there", () => {
  const made = (changed: Partial<Settings>) => {
    const health = healthPlace("keepalived", fakeSettings("keepalived", changed));
    const manifest = deploymentOf({ name: "berth-x", image: "i:1", mode: "keepalived", health });
    // deno-lint-ignore no-explicit-any -- a look into plain YAML data
    const [container] = (manifest["spec"] as any).template.spec.containers;
    const listen = container.env.find(({ name }: { name: string }) => name === "BERTH_LISTEN");
    const { args, ports, livenessProbe } = container;
    return { args, port: ports?.[0].containerPort, probe: livenessProbe, listen: listen?.value };
  };
  const moved = made({ healthPort: 9000 });
  assert.deepEqual(moved.args, ["keepalived", "--address=::", "--port=9000"]);
  assert.deepEqual([moved.port, moved.listen], [9000, ",[::]:9000,0.0.0.0:9000"]);
  assert.equal(made({ healthAddress: "fd00::1" }).listen, ",[fd00::1]:10253");
  assert.equal(made({ healthAddress: "0.0.0.0" }).listen, ",0.0.0.0:10253");
  const off = made({ healthPort: 0 });
  assert.deepEqual(off.args, ["keepalived", "--address=::", "--port=0"]);
  assert.deepEqual([off.port, off.probe, off.listen], [undefined, undefined, undefined]);
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
