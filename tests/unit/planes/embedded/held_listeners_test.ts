import assert from "assert";
import fc from "fast-check";
import { type Held, HeldListeners } from "../../../../lib/planes/embedded/held_listeners.ts";

function held(key: string): Held {
  const nothing = () => Promise.resolve();
  return { key, server: { update: () => {}, free: nothing, end: nothing } };
}

Deno.test("take() hands out a listener once", () => {
  const listeners = new HeldListeners();
  const one = held("one");
  listeners.add("a", one);
  assert.equal(listeners.get("a"), one);
  assert.equal(listeners.take("a"), one);
  assert.deepEqual([listeners.take("a"), listeners.holder("a")], [undefined, undefined]);
});

Deno.test("ofKey() tells the same as a look at every listener", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const key = fc.option(fc.constantFrom("one", "two"), { nil: undefined });
  fc.assert(fc.property(fc.array(fc.tuple(name, key)), (steps) => {
    const listeners = new HeldListeners();
    const model = new Map<string, string>();
    for (const [id, key] of steps) {
      if (key === undefined) {
        assert.equal(listeners.take(id)?.key, model.get(id));
        model.delete(id);
      } else {
        listeners.add(id, held(key));
        model.set(id, key);
      }
    }
    for (const key of ["one", "two"]) {
      const expected = [...model].filter(([, holder]) => holder === key).map(([id]) => id);
      assert.deepEqual([...listeners.ofKey(key)].sort(), expected.sort());
    }
    assert.deepEqual([...listeners.all()].sort(), [...model.keys()].sort());
  }));
});
