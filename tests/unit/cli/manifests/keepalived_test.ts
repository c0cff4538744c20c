import assert from "assert";
import { keepalivedManifests } from "../../../../lib/cli/manifests/keepalived.ts";

const manifests = keepalivedManifests({ image: "berth:1" });

Deno.test("keepalivedManifests() are a ServiceAccount, its rights, the ConfigMap and a Deployment", () => {
  assert.deepEqual(manifests.map(({ kind }) => kind), [
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Deployment",
    ...["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ]);
});

Deno.test("keepalivedManifests() let the agent read and nothing else", () => {
  const rules = manifests
    .filter(({ metadata }) => (metadata as { name: string }).name === "berth-keepalived-agent")
    .flatMap(({ rules = [] }) => rules as readonly { verbs: readonly string[] }[]);
  assert.equal(rules.length, 3);
  for (const { verbs } of rules) assert.deepEqual(verbs, ["list", "watch"]);
});

Deno.test("kcp-15: keepalivedManifests() let nobody read Secrets, delete, or use wildcards", () => {
  const rules = manifests.flatMap(({ rules = [] }) => rules as readonly object[]);
  const text = JSON.stringify(rules);
  assert.ok(rules.length > 0);
  assert.doesNotMatch(text, /\*|secrets|delete|create","patch","|escalate|impersonate/);
});

Deno.test("keepalivedManifests() name the same ConfigMap everywhere, and give it no data", () => {
  const map = manifests.find(({ kind }) => kind === "ConfigMap");
  assert.deepEqual(map?.["metadata"], { name: "vip-configmap", namespace: "kube-system" });
  assert.equal(map?.["data"], undefined);
  const text = JSON.stringify(manifests);
  assert.match(text, /"resourceNames":\["vip-configmap"\]/);
  assert.match(text, /"KEEPALIVED_CONFIG_MAP","value":"vip-configmap"/);
  assert.match(text, /"containerPort":10253/);
});
