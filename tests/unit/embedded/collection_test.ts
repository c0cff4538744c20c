import assert from "assert";
import { Collection, keyOf } from "../../../lib/embedded/collection.ts";

function thing(name: string, namespace?: string) {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, ...(namespace && { namespace }) } };
}

Deno.test("a collection gives its objects in key order, of one namespace or all", () => {
  const collection = new Collection(10);
  for (const object of [thing("b", "n"), thing("a", "n"), thing("a", "nn"), thing("c")]) {
    collection.commit({ version: 1, type: "ADDED", key: keyOf(object), object });
  }
  const keys = (namespace?: string) => [...collection.objects(namespace)].map(keyOf);
  assert.deepEqual(keys(), ["/c", "n/a", "n/b", "nn/a"]);
  assert.deepEqual(keys("n"), ["n/a", "n/b"]);
  assert.deepEqual(keys(""), ["/c"]);
  assert.deepEqual([...collection.keys(undefined, "n/a")], ["n/b", "nn/a"]);
  const object = thing("a", "n");
  collection.commit({ version: 2, type: "DELETED", key: "n/a", object, previous: object });
  assert.equal(collection.size, 3);
  assert.equal(collection.get("n/a"), undefined);
  assert.equal(collection.history.since(1)?.length, 1);
});
