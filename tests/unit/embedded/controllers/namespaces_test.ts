import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";
import { asKubeObject, createObject } from "../../../../lib/embedded/write_create.ts";
import { updateObject } from "../../../../lib/embedded/write_update.ts";
import { settle } from "../../../fakes/registry_bed.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

function put(bed: WorkloadBed, plural: string, object: Parameters<typeof asKubeObject>[0]) {
  return createObject(bed.registry, bed.row(plural), {
    namespace: "x",
    object: asKubeObject(object),
  });
}

Deno.test("a namespace gets its service account, also again", async () => {
  await using bed = new WorkloadBed();
  bed.create("namespaces", { metadata: { name: "x" } });
  await settle();
  const key = "x/default";
  const accounts = bed.row("serviceaccounts");
  assert.ok(bed.registry.store.get(accounts, key));
  bed.registry.store.remove(accounts, key);
  await settle();
  assert.ok(bed.registry.store.get(accounts, key));
});

Deno.test("a deleted namespace takes Pods and all, once nothing holds it", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  bed.create("namespaces", { metadata: { name: "x" } });
  put(bed, "configmaps", { metadata: { name: "held", finalizers: ["e.com/x"] } });
  put(bed, "pods", { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "x" }] } });
  await settle();
  await bed.remove("namespaces", "x");
  assert.ok(bed.get("namespaces", "x"));
  assert.equal(bed.registry.store.get(bed.row("pods"), "x/p"), undefined);
  updateObject(bed.registry, bed.row("configmaps"), {
    namespace: "x",
    name: "held",
    change: (old) => ({ ...old, metadata: { ...old.metadata, finalizers: [] } }),
  });
  await settle();
  assert.equal(bed.get("namespaces", "x"), undefined);
});
