import assert from "assert";
import fc from "fast-check";
import { History, rewind } from "../../../lib/embedded/history.ts";
import type { Change, KubeObject } from "../../../lib/embedded/types.ts";

function object(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name } };
}

function change(version: number, key = "k"): Change {
  return {
    version,
    type: "MODIFIED",
    key,
    object: object(key),
    previous: object(`old-${version}`),
  };
}

Deno.test("History.since() gives exactly the changes after a version, or nothing when some are gone", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 20 }),
    fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 60 }),
    fc.integer({ min: 0, max: 300 }),
    (capacity, gaps, asked) => {
      const history = new History(capacity);
      const versions: number[] = [];
      for (const gap of gaps) {
        versions.push((versions.at(-1) ?? 0) + gap);
        history.push(change(versions.at(-1) ?? 0));
      }
      const lost = versions.slice(0, -capacity).at(-1) ?? 0;
      const expected = asked < lost ? undefined : versions.filter((version) => version > asked);
      assert.deepEqual(history.since(asked)?.map(({ version }) => version), expected);
      assert.equal(history.floor, lost);
    },
  ));
});

Deno.test("History.compact() expires older versions", () => {
  const history = new History(10);
  history.push(change(5));
  history.compact(7);
  assert.equal(history.since(6), undefined);
  assert.deepEqual(history.since(7), []);
});

Deno.test("rewind() keeps the first state of each key before the changes", () => {
  const past = rewind([change(1, "a"), change(2, "a"), {
    version: 3,
    type: "ADDED",
    key: "b",
    object: object("b"),
  }]);
  assert.equal(past.get("a")?.metadata.name, "old-1");
  assert.ok(past.has("b"));
  assert.equal(past.get("b"), undefined);
});
