import assert from "assert";
import fc from "fast-check";
import { IndexedHeap } from "../../../lib/dispatch/heap.ts";

interface Item {
  rank: number;
  heapIndex: number;
}

const step = fc.oneof(
  fc.record({ do: fc.constant("push" as const), rank: fc.nat(50) }),
  fc.record({ do: fc.constant("pop" as const) }),
  fc.record({ do: fc.constant("remove" as const), pick: fc.nat() }),
  fc.record({ do: fc.constant("rerank" as const), pick: fc.nat(), rank: fc.nat(50) }),
);

Deno.test("IndexedHeap pops what a sorted list would, whatever is moved or removed", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const heap = new IndexedHeap<Item>((a, b) => a.rank < b.rank);
    const model: Item[] = [];
    for (const each of steps) {
      const picked = "pick" in each ? model[each.pick % (model.length || 1)] : undefined;
      if (each.do === "push") {
        const item = { rank: each.rank, heapIndex: -1 };
        model.push(item);
        heap.push(item);
      } else if (each.do === "pop") {
        const popped = heap.pop();
        assert.equal(popped?.rank, model.toSorted((a, b) => a.rank - b.rank)[0]?.rank);
        if (popped !== undefined) model.splice(model.indexOf(popped), 1);
      } else if (picked !== undefined && each.do === "remove") {
        heap.remove(picked);
        assert.equal(picked.heapIndex, -1);
        model.splice(model.indexOf(picked), 1);
      } else if (picked !== undefined && each.do === "rerank") {
        picked.rank = each.rank;
        heap.update(picked);
      }
      assert.equal(heap.size, model.length);
      assert.equal(heap.peek()?.rank, model.toSorted((a, b) => a.rank - b.rank)[0]?.rank);
    }
  }));
});
