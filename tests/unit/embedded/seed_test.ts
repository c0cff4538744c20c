import assert from "assert";
import { SAMPLE_NODES, seedNodes } from "../../../lib/embedded/seed.ts";
import { isReady } from "../../../lib/embedded/controllers/pod_view.ts";
import { RegistryBed } from "../../fakes/registry_bed.ts";

Deno.test("seedSystem() makes the namespaces and the kubernetes Service at the first address", () => {
  const bed = new RegistryBed({ serviceNetworks: ["10.7.0.0/24"] });
  assert.deepEqual(bed.list("namespaces").map((n) => n.metadata.name), [
    "default",
    "kube-node-lease",
    "kube-public",
    "kube-system",
  ]);
  assert.equal(bed.require("services", "kubernetes").spec?.["clusterIP"], "10.7.0.1");
});

Deno.test("seedNodes() makes ready nodes with addresses", () => {
  const bed = new RegistryBed();
  seedNodes(bed.registry);
  assert.deepEqual(bed.list("nodes").map((node) => node.metadata.name), [...SAMPLE_NODES]);
  assert.ok(bed.list("nodes").every(isReady));
});
