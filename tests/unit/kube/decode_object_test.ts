import assert from "assert";
import { decodeObject } from "../../../lib/kube/mod.ts";

const metadata = { name: "web", namespace: "shop", uid: "u", resourceVersion: "7" };

Deno.test("decodeObject() keeps metadata and the named fields, and says the kind", () => {
  const raw = { metadata: { ...metadata, managedFields: [] }, spec: { a: 1 }, status: {}, x: 1 };
  assert.deepEqual(decodeObject(raw, { kind: "Gateway", needs: ["spec"], takes: ["status"] }), {
    ...{ kind: "Gateway", metadata },
    ...{ spec: { a: 1 }, status: {} },
  });
  assert.deepEqual(decodeObject({ metadata, data: null }, { kind: "Secret", takes: ["data"] }), {
    ...{ kind: "Secret", metadata },
  });
});

for (
  const [raw, message] of [
    [null, /sent a Gateway whose metadata is wrong/],
    [{ metadata: { name: 1 } }, /sent a Gateway whose metadata is wrong/],
    [{ metadata }, /sent a Gateway web without spec/],
    [{ metadata, spec: "text" }, /sent a Gateway web without spec/],
  ] as const
) {
  Deno.test(`decodeObject() refuses ${JSON.stringify(raw)}`, () => {
    assert.throws(() => decodeObject(raw, { kind: "Gateway", needs: ["spec"] }), message);
  });
}
