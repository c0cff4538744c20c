import assert from "assert";
import { deleteObject, type DeleteOptions } from "../../../lib/embedded/write_delete.ts";
import { updateObject } from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

function remove(bed: RegistryBed, plural: string, options: DeleteOptions = {}) {
  const row = bed.row(plural);
  const namespace = row.namespaced ? "default" : undefined;
  return deleteObject(bed.registry, row, { ...options, namespace, name: "a" });
}

function pod(nodeName?: string): RegistryBed {
  const bed = new RegistryBed();
  const spec = { containers: [{ name: "c", image: "x" }], ...(nodeName && { nodeName }) };
  bed.create("pods", { metadata: { name: "a" }, spec });
  return bed;
}

Deno.test("an object without ties is gone at once", () => {
  const bed = new RegistryBed();
  bed.create("configmaps", { metadata: { name: "a" } });
  assert.equal(remove(bed, "configmaps", { dryRun: true }).gone, true);
  assert.ok(bed.get("configmaps", "a"));
  assert.equal(remove(bed, "configmaps").gone, true);
  assert.match(refusal(() => remove(bed, "configmaps")), /^404/);
});

Deno.test("finalizers and propagation hold it", () => {
  const bed = new RegistryBed();
  bed.create("configmaps", { metadata: { name: "a", finalizers: ["e.com/x"] } });
  const held = remove(bed, "configmaps", { propagation: "Foreground" });
  assert.equal(held.gone, false);
  assert.deepEqual(held.object.metadata.finalizers, ["e.com/x", "foregroundDeletion"]);
  assert.equal(held.object.metadata.deletionTimestamp, "2026-01-02T03:04:05Z");
  const version = bed.registry.store.version;
  assert.equal(
    remove(bed, "configmaps").object.metadata.deletionTimestamp,
    held.object.metadata.deletionTimestamp,
  );
  assert.equal(bed.registry.store.version, version);
});

Deno.test("preconditions must hold", () => {
  const bed = new RegistryBed();
  bed.create("configmaps", { metadata: { name: "a" } });
  assert.match(
    refusal(() => remove(bed, "configmaps", { uid: "x" })),
    /^409 .*UID in the precondition \(x\)/,
  );
  assert.match(
    refusal(() => remove(bed, "configmaps", { resourceVersion: "1" })),
    /^409 .*ResourceVersion/,
  );
});

Deno.test("a bound Pod gets its grace, which can only shrink", () => {
  const bed = pod("n");
  const first = remove(bed, "pods");
  assert.deepEqual([first.gone, first.object.metadata.deletionGracePeriodSeconds], [false, 30]);
  assert.equal(first.object.metadata.deletionTimestamp, "2026-01-02T03:04:35Z");
  assert.equal(
    remove(bed, "pods", { gracePeriodSeconds: 60 }).object.metadata.deletionGracePeriodSeconds,
    30,
  );
  assert.equal(
    remove(bed, "pods", { gracePeriodSeconds: 5 }).object.metadata.deletionGracePeriodSeconds,
    5,
  );
  assert.equal(remove(bed, "pods", { gracePeriodSeconds: 0 }).gone, true);
});

Deno.test("a Pod that nobody runs is gone at once", () => {
  assert.equal(remove(pod(), "pods").gone, true);
  const done = pod("n");
  updateObject(done.registry, done.row("pods"), {
    namespace: "default",
    name: "a",
    subresource: "status",
    change: (old) => ({ ...old, status: { phase: "Succeeded" } }),
  });
  assert.equal(remove(done, "pods").gone, true);
});

Deno.test("a namespace is Terminating until it is finalized", () => {
  const bed = new RegistryBed();
  bed.create("namespaces", { metadata: { name: "a" } });
  const { gone, object } = remove(bed, "namespaces");
  assert.deepEqual([gone, object.status], [false, { phase: "Terminating" }]);
});
