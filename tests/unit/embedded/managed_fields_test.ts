import assert from "assert";
import {
  createdFields,
  entryFields,
  ownable,
  updatedFields,
} from "../../../lib/embedded/managed_fields.ts";
import type { KubeObject } from "../../../lib/embedded/types.ts";

const OBJECT: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", uid: "u", labels: { x: "1" } },
  data: { a: "1" },
};
const TIME = "2026-01-01T00:00:00Z";

function owners(object: KubeObject, change: Partial<KubeObject>, manager?: string) {
  const entries = updatedFields(object, { ...object, ...change }, { manager, time: TIME });
  return entries.map((entry) => `${entry.manager} ${JSON.stringify(entryFields(entry))}`);
}

Deno.test("ownable() leaves out what the system owns", () => {
  assert.deepEqual(ownable(OBJECT), { metadata: { labels: { x: "1" } }, data: { a: "1" } });
});

Deno.test("createdFields() gives all to the creator, and nothing without one", () => {
  const made = createdFields(OBJECT, { manager: "me", time: TIME });
  assert.deepEqual(made.metadata.managedFields, [{
    manager: "me",
    operation: "Update",
    apiVersion: "v1",
    time: TIME,
    fieldsType: "FieldsV1",
    fieldsV1: { "f:metadata": { "f:labels": { "f:x": {} } }, "f:data": { "f:a": {} } },
  }]);
  assert.equal(
    createdFields(OBJECT, { manager: undefined, time: TIME }).metadata.managedFields,
    undefined,
  );
});

Deno.test("updatedFields() moves what changed to the writer and drops what is gone", () => {
  const made = createdFields(OBJECT, { manager: "me", time: TIME });
  assert.deepEqual(owners(made, { data: { a: "2" } }, "you"), [
    'me {"f:metadata":{"f:labels":{"f:x":{}}}}',
    'you {"f:data":{"f:a":{}}}',
  ]);
  assert.deepEqual(owners(made, { data: { b: "2" } }, "me"), [
    'me {"f:metadata":{"f:labels":{"f:x":{}}},"f:data":{"f:b":{}}}',
  ]);
  assert.deepEqual(owners(made, {}, "you").length, 1);
  assert.deepEqual(owners(made, { data: { b: "2" } }), owners(made, {}));
});
