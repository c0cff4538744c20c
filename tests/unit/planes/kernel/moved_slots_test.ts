import assert from "assert";
import { MOVED_MS, movedSlots, NOTHING_MOVED } from "../../../../lib/planes/kernel/moved_slots.ts";
import type { MovedSlots } from "../../../../lib/planes/kernel/types.ts";

const NODES = new Map([["p1", "a"], ["p2", "b"], ["p3", "c"], ["q1", "a"]]);

function table(slots: readonly string[], moved: MovedSlots = NOTHING_MOVED) {
  return { slots, nodes: NODES, moved };
}

function change(
  before: ReturnType<typeof table>,
  slots: readonly string[],
  { now = 1_000, dead = "" } = {},
) {
  return movedSlots({ before, after: table(slots), now, isAlive: (node) => node !== dead });
}

Deno.test("movedSlots() names slots that change their node", () => {
  const moved = change(table(["p1", "p1"]), ["p1", "p2"]);
  assert.deepEqual(moved, { slots: new Map([[1, "a"]]), until: 1_000 + MOVED_MS });
});

Deno.test("movedSlots() names none that stay on their node", () => {
  assert.deepEqual(change(table(["p1", "p2"]), ["q1", "p2"]), NOTHING_MOVED);
});

Deno.test("movedSlots() follows a doubled table", () => {
  const moved = change(table(["p1", "p2"]), ["p1", "p3", "p2", "p3"]);
  assert.deepEqual([...moved.slots], [[1, "a"], [3, "b"]]);
});

Deno.test("movedSlots() keeps the first node and its time while nothing more moves", () => {
  const first = change(table(["p1"]), ["p2"]);
  const second = change(table(["p2"], first), ["p3"], { now: 2_000 });
  assert.deepEqual(second, { slots: new Map([[0, "a"]]), until: 1_000 + MOVED_MS });
  assert.deepEqual(change(table(["p3"], second), ["p3"], { now: 3_000 }), second);
});

Deno.test("movedSlots() forgets slots that came back, dead nodes and old times", () => {
  const moved = change(table(["p1"]), ["p2"]);
  assert.deepEqual(change(table(["p2"], moved), ["q1"]), NOTHING_MOVED);
  assert.deepEqual(change(table(["p2"], moved), ["p2"], { dead: "a" }), NOTHING_MOVED);
  assert.deepEqual(change(table(["p2"], moved), ["p2"], { now: 2_000 + MOVED_MS }), NOTHING_MOVED);
});
