import assert from "assert";
import { deleteObject } from "../../../lib/embedded/write_delete.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

Deno.test("get() finds through both views of a resource and is a 404 otherwise", () => {
  const bed = new RegistryBed();
  bed.create("events", { metadata: { name: "e" }, involvedObject: { namespace: "default" } });
  const view = bed.registry.find({ group: "events.k8s.io", plural: "events" });
  assert.ok(view);
  assert.equal(bed.registry.storageRow(view).group, "");
  assert.equal(bed.registry.get(view, { namespace: "default", name: "e" }).metadata.name, "e");
  assert.match(
    refusal(() => bed.registry.get(view, { namespace: "default", name: "x" })),
    /^404 events.events.k8s.io "x"/,
  );
});

Deno.test("requireNamespace() refuses missing and ending namespaces", () => {
  const bed = new RegistryBed();
  const check = (namespace: string) =>
    refusal(() => bed.registry.requireNamespace(bed.row("services"), { namespace, name: "a" }));
  assert.match(check("none"), /^404 namespaces "none" not found/);
  bed.create("namespaces", { metadata: { name: "ending" } });
  deleteObject(bed.registry, bed.row("namespaces"), { name: "ending" });
  assert.match(check("ending"), /^403 .*being terminated/);
});
