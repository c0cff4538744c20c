import assert from "assert";
import { reachable, sourceFiles, toGraph } from "../../../scripts/module_graph.ts";

Deno.test("toGraph() keeps value imports of local modules", () => {
  const graph = toGraph({
    modules: [
      {
        specifier: "file:///r/a.ts",
        dependencies: [
          { specifier: "./b.ts", code: { specifier: "file:///r/b.ts" } },
          { specifier: "./types.ts" },
          { specifier: "x", code: { specifier: "npm:/x@1" } },
          { specifier: "./gone.ts", code: { error: "not found" } },
        ],
      },
      { specifier: "file:///r/b.ts" },
      { specifier: "file:///r/broken.ts", error: "parse error" },
      { specifier: "file:///elsewhere/c.ts" },
      { specifier: "npm:/x@1" },
    ],
  }, (specifier) => specifier.replace("file:///r/", "").replace(/^file:.*/, ".."));
  assert.deepEqual(Object.fromEntries(graph), { "a.ts": ["b.ts", "npm:/x@1"], "b.ts": [] });
});

Deno.test("reachable() follows edges once, cycles included", () => {
  const graph = new Map([["a", ["b"]], ["b", ["a", "c"]], ["d", ["a"]]]);
  assert.deepEqual([...reachable(graph, "a")].sort(), ["a", "b", "c"]);
});

Deno.test("sourceFiles() lists nested TypeScript and nothing for an absent folder", () => {
  assert.ok(sourceFiles("scripts").includes("scripts/lint/layers.ts"));
  assert.deepEqual(sourceFiles("absent"), []);
});
