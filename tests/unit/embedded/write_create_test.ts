import assert from "assert";
import {
  asKubeObject,
  createObject,
  parseDryRun,
  withoutEmpty,
} from "../../../lib/embedded/write_create.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

Deno.test("createObject() ignores what only the server may say", () => {
  const { metadata } = new RegistryBed().create("configmaps", {
    metadata: {
      name: "a",
      uid: "mine",
      generation: 9,
      deletionTimestamp: "x",
      creationTimestamp: null,
      labels: {},
      finalizers: [],
    },
  });
  assert.notEqual(metadata.uid, "mine");
  assert.equal(metadata.creationTimestamp, "2026-01-02T03:04:05Z");
  assert.deepEqual(Object.keys(metadata).sort(), [
    "creationTimestamp",
    "name",
    "namespace",
    "resourceVersion",
    "uid",
  ]);
});

Deno.test("createObject() makes names from a prefix, cut to fit", () => {
  const { metadata } = new RegistryBed().create("configmaps", {
    metadata: { generateName: "x".repeat(80) },
  });
  assert.equal(metadata.name.length, 63);
});

Deno.test("createObject() refuses the wrong kind, place, version and name", () => {
  const bed = new RegistryBed();
  const create = (body: Parameters<RegistryBed["create"]>[1]) =>
    refusal(() => bed.create("configmaps", body));
  assert.match(create({ kind: "Secret", metadata: { name: "a" } }), /^400 Secret in version "v1"/);
  assert.match(
    create({ apiVersion: "v2", metadata: { name: "a" } }),
    /^400 the API version in the data/,
  );
  assert.match(
    create({ metadata: { name: "a", namespace: "x" } }),
    /^400 the namespace of the provided object/,
  );
  assert.match(
    create({ metadata: { name: "a", resourceVersion: "1" } }),
    /^400 resourceVersion should not be set/,
  );
  assert.match(create({ metadata: {} }), /^422 .*name or generateName is required/);
  assert.match(create({ metadata: { name: "a", annotations: { x: 1 } } }), /^400 /);
  assert.match(create({ metadata: 5 }), /^400 metadata must be an object/);
  bed.create("configmaps", { metadata: { name: "a" } });
  assert.match(create({ metadata: { name: "a" } }), /^409 configmaps "a" already exists/);
});

Deno.test("a dry run answers and stores nothing", () => {
  const bed = new RegistryBed();
  const made = bed.create("configmaps", { metadata: { name: "a" } }, { dryRun: true });
  assert.equal(made.metadata.resourceVersion, undefined);
  assert.equal(bed.get("configmaps", "a"), undefined);
});

Deno.test("createObject() keeps the ownership that apply decided", () => {
  const bed = new RegistryBed();
  const entry = {
    manager: "m",
    operation: "Apply",
    apiVersion: "v1",
    fieldsType: "FieldsV1",
    fieldsV1: {},
  } as const;
  const object = asKubeObject({ metadata: { name: "a" } });
  const made = createObject(bed.registry, bed.row("configmaps"), {
    namespace: "default",
    object,
    managedFields: [entry],
  });
  assert.deepEqual(made.metadata.managedFields, [entry]);
});

Deno.test("asKubeObject() drops nulls, withoutEmpty() empty lists", () => {
  const object = asKubeObject({
    metadata: { name: "a", labels: null },
    spec: { a: null, b: [null] },
  });
  assert.deepEqual([object.metadata, object.spec], [{ name: "a" }, { b: [null] }]);
  assert.deepEqual(withoutEmpty({ name: "a", labels: {}, finalizers: ["x"] }), {
    name: "a",
    finalizers: ["x"],
  });
});

Deno.test("parseDryRun() knows All only", () => {
  assert.deepEqual([parseDryRun([]), parseDryRun(["All"])], [false, true]);
  assert.match(refusal(() => parseDryRun(["Some"])), /^422/);
});
