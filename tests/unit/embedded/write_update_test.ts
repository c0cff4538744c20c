import assert from "assert";
import type { KubeObject } from "../../../lib/embedded/types.ts";
import { deleteObject } from "../../../lib/embedded/write_delete.ts";
import {
  isReleased,
  updateObject,
  type UpdateRequest,
} from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

function bed(): RegistryBed {
  const made = new RegistryBed();
  made.create(
    "configmaps",
    { metadata: { name: "a", finalizers: ["e.com/x"] }, data: { k: "1" } },
    { manager: "me" },
  );
  return made;
}

function update(
  on: RegistryBed,
  change: UpdateRequest["change"],
  options: Partial<UpdateRequest> = {},
): KubeObject {
  return updateObject(on.registry, on.row("configmaps"), {
    namespace: "default",
    name: "a",
    change,
    ...options,
  });
}

function meta(change: Partial<KubeObject["metadata"]>): UpdateRequest["change"] {
  return (old) => ({ ...old, metadata: { ...old.metadata, ...change } });
}

Deno.test("updateObject() keeps what the system owns", () => {
  const on = bed();
  const before = on.require("configmaps", "a");
  const { metadata } = update(
    on,
    meta({ creationTimestamp: "x", generation: 7, deletionTimestamp: "x", labels: { l: "1" } }),
  );
  assert.equal(metadata.creationTimestamp, before.metadata.creationTimestamp);
  assert.deepEqual([metadata.generation, metadata.deletionTimestamp, metadata.labels], [
    undefined,
    undefined,
    { l: "1" },
  ]);
});

Deno.test("updateObject() changes nothing for nothing and stores nothing for a dry run", () => {
  const on = bed();
  const before = on.registry.store.version;
  update(on, (old) => ({ ...old }), { manager: "other" });
  update(on, (old) => ({ ...old, data: { k: "2" } }), { dryRun: true });
  assert.equal(on.registry.store.version, before);
});

Deno.test("updateObject() refuses lost races and other identities", () => {
  const on = bed();
  assert.match(
    refusal(() => update(on, meta({ resourceVersion: "1" }))),
    /^409 .*has been modified/,
  );
  assert.match(refusal(() => update(on, meta({ uid: "x" }))), /^409 .*Precondition failed: UID/);
  assert.match(refusal(() => update(on, meta({ name: "b" }))), /^400 the name of the object \(b\)/);
  assert.match(refusal(() => update(on, (old) => old, { name: "none" })), /^404/);
  assert.match(refusal(() => update(on, (old) => ({ ...old, kind: "Secret" }))), /^400/);
});

Deno.test("the last finalizer takes a deleted object with it, and watchers see both steps", () => {
  const on = bed();
  deleteObject(on.registry, on.row("configmaps"), { namespace: "default", name: "a" });
  const types: string[] = [];
  on.registry.store.subscribe(on.row("configmaps"), {}, ({ type }) => types.push(type));
  assert.match(
    refusal(() => update(on, meta({ finalizers: ["e.com/x", "e.com/y"] }))),
    /no new finalizers can be added/,
  );
  update(on, meta({ finalizers: [] }));
  assert.equal(on.get("configmaps", "a"), undefined);
  assert.deepEqual(types, ["MODIFIED", "DELETED"]);
});

Deno.test("updateObject() records who changed what, and can be told", () => {
  const on = bed();
  const managers = (object: KubeObject) =>
    object.metadata.managedFields?.map(({ manager }) => manager);
  assert.deepEqual(
    managers(update(on, (old) => ({ ...old, data: { k: "2" } }), { manager: "you" })),
    ["me", "you"],
  );
  assert.deepEqual(
    managers(update(on, meta({ labels: { x: "1" } }), { managedFields: () => [] })),
    undefined,
  );
});

Deno.test("isReleased() looks at finalizers, grace and the spec of namespaces", () => {
  const object = (metadata: Partial<KubeObject["metadata"]>, finalizers: readonly string[] = []) =>
    isReleased({
      apiVersion: "v1",
      kind: "X",
      metadata: { name: "a", ...metadata },
      spec: { finalizers },
    });
  const deletionTimestamp = "x";
  assert.deepEqual([
    object({}),
    object({ deletionTimestamp }),
    object({ deletionTimestamp, finalizers: ["f"] }),
    object({ deletionTimestamp, deletionGracePeriodSeconds: 5 }),
    object({ deletionTimestamp }, ["kubernetes"]),
  ], [false, true, false, false, false]);
});
