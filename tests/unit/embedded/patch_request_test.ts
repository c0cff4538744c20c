import assert from "assert";
import type { Json } from "../../../lib/embedded/json.ts";
import { PATCH_TYPES, patchObject } from "../../../lib/embedded/patch_request.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const [JSON_PATCH, MERGE, STRATEGIC, APPLY] = PATCH_TYPES;

function patch(bed: RegistryBed, type: string, body: Json, manager: string | undefined = "me") {
  return patchObject(bed.registry, bed.row("configmaps"), {
    namespace: "default",
    name: "a",
    type,
    body,
    manager,
    force: false,
    subresource: undefined,
  });
}

Deno.test.each(
  [
    [JSON_PATCH, [{ op: "add", path: "/data/b", value: "2" }]],
    [MERGE, { data: { b: "2" } }],
    [STRATEGIC, { data: { b: "2" } }],
    [APPLY, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { b: "2" } }],
  ] as const,
)("patchObject() does $0", (type, body) => {
  const bed = new RegistryBed();
  bed.create("configmaps", { metadata: { name: "a" }, data: { a: "1" } });
  const { object, created } = patch(bed, type, body as unknown as Json);
  assert.deepEqual([object["data"], created], [{ a: "1", b: "2" }, false]);
});

Deno.test("apply creates what is not there, with its manager as the owner", () => {
  const bed = new RegistryBed();
  const { object, created } = patch(bed, APPLY, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
    data: { b: "2" },
  });
  assert.equal(created, true);
  assert.deepEqual(
    object.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]),
    [["me", "Apply"]],
  );
});

Deno.test("patchObject() refuses unknown types, shapes and nameless managers", () => {
  const bed = new RegistryBed();
  bed.create("configmaps", { metadata: { name: "a" } });
  assert.match(refusal(() => patch(bed, "text/plain", {})), /^415 /);
  for (const type of [MERGE, STRATEGIC, APPLY]) {
    assert.match(refusal(() => patch(bed, type, [])), /^400/);
  }
  const row = bed.row("configmaps");
  const request = {
    namespace: "default",
    name: "a",
    type: APPLY,
    body: {},
    force: false,
    subresource: undefined,
  };
  assert.match(
    refusal(() => patchObject(bed.registry, row, request)),
    /^422 .*fieldManager: Required/,
  );
  const owned = { metadata: { name: "a", managedFields: [{}] } };
  assert.match(
    refusal(() => patch(bed, APPLY, owned as unknown as Json)),
    /^400 metadata.managedFields must be nil/,
  );
});
