import assert from "assert";
import type { JsonObject } from "../../../../lib/embedded/json.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";
import { settle } from "../../../fakes/registry_bed.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

function owned(name: string, ...owners: readonly KubeObject[]): JsonObject {
  const ownerReferences = owners.map(({ metadata }) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    name: metadata.name,
    uid: metadata.uid ?? "",
  }));
  return { metadata: { name, ownerReferences } };
}

function names(bed: WorkloadBed): string {
  return bed.list("configmaps").map((map) => map.metadata.name).join(" ");
}

Deno.test("dependents go when their last owner is gone", async () => {
  await using bed = new WorkloadBed();
  const a = bed.create("configmaps", { metadata: { name: "a" } });
  const b = bed.create("configmaps", { metadata: { name: "b" } });
  bed.create("configmaps", owned("both", a, b));
  const child = bed.create("configmaps", owned("child", a));
  bed.create("configmaps", owned("grandchild", child));
  await bed.remove("configmaps", "a");
  assert.equal(names(bed), "b both");
  assert.equal(bed.require("configmaps", "both").metadata.ownerReferences?.length, 1);
  await bed.remove("configmaps", "b");
  assert.equal(names(bed), "");
});

Deno.test("Foreground waits for dependents that are held", async () => {
  await using bed = new WorkloadBed();
  const a = bed.create("configmaps", { metadata: { name: "a" } });
  const child = owned("child", a);
  bed.create("configmaps", {
    metadata: { ...(child["metadata"] as JsonObject), finalizers: ["e.com/x"] },
  });
  await bed.remove("configmaps", "a", { propagation: "Foreground" });
  assert.equal(names(bed), "a child");
  await bed.change(
    "configmaps",
    "child",
    (old) => ({ ...old, metadata: { ...old.metadata, finalizers: [] } }),
  );
  assert.equal(names(bed), "");
});

Deno.test("Orphan lets dependents live on their own", async () => {
  await using bed = new WorkloadBed();
  const a = bed.create("configmaps", { metadata: { name: "a" } });
  bed.create("configmaps", owned("child", a));
  await bed.remove("configmaps", "a", { propagation: "Orphan" });
  assert.equal(names(bed), "child");
  assert.equal(bed.require("configmaps", "child").metadata.ownerReferences, undefined);
});

Deno.test("an object whose owner never was is collected", async () => {
  await using bed = new WorkloadBed();
  const ghost = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "ghost", uid: "none" } };
  bed.create("configmaps", owned("child", ghost));
  await settle();
  assert.equal(names(bed), "");
});
