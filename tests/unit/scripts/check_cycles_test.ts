import assert from "assert";
import { findCycles, folderGraph } from "../../../scripts/check_cycles.ts";

const graphOf = (edges: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(edges));

const cases = [
  { name: "a chain", edges: { a: ["b"], b: ["c"], c: [] }, cycles: [] },
  { name: "a diamond", edges: { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, cycles: [] },
  { name: "a pair", edges: { a: ["b"], b: ["a"] }, cycles: [["a", "b"]] },
  { name: "a file that imports itself", edges: { a: ["a"] }, cycles: [["a"]] },
  {
    name: "a ring behind a chain",
    edges: { a: ["b"], b: ["c"], c: ["d"], d: ["b"] },
    cycles: [["b", "c", "d"]],
  },
  {
    name: "two rings",
    edges: { a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] },
    cycles: [["c", "d"], ["a", "b"]],
  },
  { name: "an edge into a closed part", edges: { a: ["b"], b: [], c: ["b", "a"] }, cycles: [] },
];

for (const { name, edges, cycles } of cases) {
  Deno.test(`findCycles() on ${name}`, () => {
    assert.deepEqual(findCycles(graphOf(edges)), cycles);
  });
}

Deno.test("folderGraph() joins files of a layer and keeps planes apart", () => {
  const graph = graphOf({
    "lib/core/a.ts": ["lib/core/b.ts"],
    "lib/core/b.ts": ["lib/net/mod.ts", "npm:x"],
    "lib/planes/kernel/a.ts": ["lib/planes/embedded/mod.ts", "lib/core/mod.ts"],
  });
  assert.deepEqual(Object.fromEntries(folderGraph(graph)), {
    "core": ["net"],
    "planes/kernel": ["planes/embedded", "core"],
  });
});
