import assert from "assert";
import { Store } from "../../../lib/embedded/store.ts";
import type { Change } from "../../../lib/embedded/types.ts";

const THINGS = { group: "", plural: "things" };

function thing(name: string, namespace = "n") {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, namespace } };
}

Deno.test("put() and remove() count versions and tell listeners what was before", () => {
  const store = new Store(10);
  const seen: Change[] = [];
  const stop = store.subscribe(THINGS, { namespace: "n" }, (change) => seen.push(change));
  const made = store.put(THINGS, thing("a"));
  store.put(THINGS, { ...thing("a"), extra: 1 });
  store.put(THINGS, thing("b", "m"));
  store.remove(THINGS, "n/a");
  stop();
  store.put(THINGS, thing("c"));
  assert.deepEqual(
    seen.map(({ type, previous }) => `${type} ${previous?.metadata.resourceVersion ?? "-"}`),
    [
      "ADDED -",
      "MODIFIED 2",
      "DELETED 3",
    ],
  );
  assert.equal(made.metadata.resourceVersion, "2");
  assert.equal(seen[2]?.object.metadata.resourceVersion, String(store.version - 1));
  assert.equal(store.remove(THINGS, "n/none"), undefined);
});

Deno.test("compact() makes every older version unusable", () => {
  const store = new Store(10);
  store.put(THINGS, thing("a"));
  const before = store.version;
  store.put(THINGS, thing("b"));
  store.compact();
  assert.equal(store.collection(THINGS).history.since(before), undefined);
  assert.deepEqual(store.collection(THINGS).history.since(store.version), []);
});
