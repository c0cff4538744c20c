import assert from "assert";
import { healthPlace } from "../../../../lib/cli/app/health_place.ts";
import { ipamManifests } from "../../../../lib/cli/manifests/ipam.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const health = healthPlace("ipam", fakeSettings("ipam"));
const parts = { map: { namespace: "kube-system", name: "kubevip" }, env: {}, health };
const manifests = ipamManifests({ image: "berth:1", ...parts });

Deno.test("ipamManifests() are a ServiceAccount, its rights and a Deployment", () => {
  assert.deepEqual(manifests.map(({ kind }) => kind), [
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Deployment",
  ]);
});

Deno.test("ipamManifests() let nobody read Secrets, delete, or use wildcards", () => {
  const rules = manifests.flatMap(({ rules = [] }) => rules as readonly object[]);
  const text = JSON.stringify(rules);
  assert.ok(rules.length > 0);
  assert.doesNotMatch(text, /\*|secrets|delete|escalate|impersonate/);
});
