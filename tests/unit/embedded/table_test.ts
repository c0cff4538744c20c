import assert from "assert";
import { RESOURCES } from "../../../lib/embedded/resources.ts";
import { type IncludeObject, partialMetadata, tableOf } from "../../../lib/embedded/table.ts";
import type { ResourceRow } from "../../../lib/embedded/types.ts";

const row = RESOURCES.find(({ plural }) => plural === "configmaps") as ResourceRow;
const object = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", managedFields: [] },
  data: { x: "1" },
};

function rows(include: IncludeObject) {
  return tableOf(row, [object], { now: 0, include })["rows"];
}

Deno.test("tableOf() shows cells and as much of the object as asked", () => {
  const cells = ["a", 1, "<unknown>"];
  assert.deepEqual(rows("None"), [{ cells }]);
  assert.deepEqual(rows("Object"), [{ cells, object }]);
  const partial = {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: { name: "a" },
  };
  assert.deepEqual(rows("Metadata"), [{ cells, object: partial }]);
});

Deno.test("tableOf() leaves the columns out of later watch events", () => {
  const table = tableOf(row, [], { now: 0, include: "None", headless: true });
  assert.equal(table["columnDefinitions"], null);
});

Deno.test("partialMetadata() has no data", () => {
  assert.equal(partialMetadata(object)["data"], undefined);
});
