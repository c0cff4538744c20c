import assert from "assert";
import { healthPlace } from "../../../../lib/cli/app/health_place.ts";
import { keepalivedManifests } from "../../../../lib/cli/manifests/keepalived.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const health = healthPlace("keepalived", fakeSettings("keepalived"));
const parts = { map: { namespace: "kube-system", name: "vip-configmap" }, env: {}, health };
const manifests = keepalivedManifests({ image: "berth:1", ...parts });

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
  const place = { namespace: "lb", name: "vips" };
  const moved = keepalivedManifests({ image: "berth:1", map: place, env: {}, health });
  const map = moved.find(({ kind }) => kind === "ConfigMap");
  assert.deepEqual(map?.["metadata"], place);
  assert.equal(map?.["data"], undefined);
  const roles = moved.filter(({ kind }) => kind === "Role");
  const seen = roles.map((one) => ({
    in: (one["metadata"] as { namespace: string }).namespace,
    to: (one["rules"] as readonly { resources: string[]; resourceNames?: string[] }[])
      .flatMap(({ resources, resourceNames = [] }) => [...resources, ...resourceNames]),
  }));
  assert.deepEqual(seen, [
    { in: "lb", to: ["configmaps", "vips"] },
    { in: "kube-system", to: ["leases", "leases", "berth-keepalived"] },
    { in: "lb", to: ["configmaps", "vips"] },
  ]);
  assert.match(JSON.stringify(moved), /"containerPort":10253/);
});
