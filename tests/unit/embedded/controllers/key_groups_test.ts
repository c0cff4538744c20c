import assert from "assert";
import fc from "fast-check";
import {
  KeyGroups,
  labelGroups,
  ownerGroups,
  pairGroups,
  splitKey,
} from "../../../../lib/embedded/controllers/key_groups.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";

function pod(name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "n", labels } };
}

Deno.test("groups follow every change", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    labels: fc.option(fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1", "2")), {
      nil: undefined,
    }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const groups = new KeyGroups(labelGroups);
    const model = new Map<string, KubeObject>();
    for (const { name, labels } of steps) {
      const previous = model.get(name);
      if (!labels && !previous) continue;
      const object = labels ? pod(name, labels) : previous ?? pod(name, {});
      const type = !labels ? "DELETED" : previous ? "MODIFIED" : "ADDED";
      groups.observe({ version: 1, type, key: name, object, ...(previous && { previous }) });
      if (labels) model.set(name, object);
      else model.delete(name);
    }
    for (const group of ["n x=1", "n x=2", "n y=1"]) {
      const expected = [...model].filter(([, object]) => labelGroups(object).includes(group)).map((
        [key],
      ) => key);
      assert.deepEqual([...groups.keys(group)].sort(), expected.sort());
    }
  }));
});

Deno.test("groups are named by labels, pairs and owners", () => {
  assert.deepEqual(pairGroups(undefined, { a: "b" }), [" a=b"]);
  const owner = { apiVersion: "v1", kind: "X", name: "x", uid: "u" };
  assert.deepEqual(
    ownerGroups({ ...pod("a", {}), metadata: { name: "a", ownerReferences: [owner] } }),
    ["u"],
  );
  assert.deepEqual(splitKey("n/a"), { namespace: "n", name: "a" });
});
