import assert from "assert";
import { ADAPTERS } from "../../../scripts/lint/layers.ts";
import { sourceFiles } from "../../../scripts/module_graph.ts";
import plugin from "../../../scripts/lint_plugin.ts";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  /** Rule that must speak, or undefined when none may. */
  readonly rule?: string;
}

const doc = "/** d */\n";

const cases: readonly Case[] = [
  {
    name: "core importing lib",
    file: "lib/core/a.ts",
    source: `import "../net/mod.ts";`,
    rule: "layers",
  },
  {
    name: "net importing core",
    file: "lib/net/a.ts",
    source: `import { x } from "../core/mod.ts";`,
  },
  {
    name: "services importing runtime",
    file: "lib/services/a.ts",
    source: `import { x } from "../runtime/mod.ts";`,
    rule: "layers",
  },
  {
    name: "services taking types of runtime",
    file: "lib/services/a.ts",
    source: `import type { X } from "../runtime/types.ts";`,
  },
  {
    name: "inline type specifiers",
    file: "lib/services/a.ts",
    source: `import { type X } from "../runtime/types.ts";`,
  },
  {
    name: "values out of a foreign types.ts",
    file: "lib/clusters/a.ts",
    source: `import { x } from "../runtime/types.ts";`,
    rule: "layers",
  },
  {
    name: "a file behind another folder's mod.ts",
    file: "lib/net/a.ts",
    source: `import { x } from "../core/errors.ts";`,
    rule: "layers",
  },
  {
    name: "a neighbour in the folder",
    file: "lib/net/a.ts",
    source: `import { x } from "./b.ts";`,
  },
  {
    name: "one plane importing the other",
    file: "lib/planes/kernel/a.ts",
    source: `import { x } from "../embedded/mod.ts";`,
    rule: "layers",
  },
  {
    name: "a plane taking the plane types",
    file: "lib/planes/kernel/a.ts",
    source: `import type { Plane } from "../types.ts";`,
  },
  {
    name: "cli importing anything",
    file: "lib/cli/app/a.ts",
    source: `import "../../kube/mod.ts";`,
  },
  {
    name: "lib importing cli",
    file: "lib/kube/a.ts",
    source: `import "../cli/mod.ts";`,
    rule: "layers",
  },
  {
    name: "lib importing workers",
    file: "lib/kube/a.ts",
    source: `import "../../workers/w.ts";`,
    rule: "layers",
  },
  {
    name: "lib importing tests",
    file: "lib/kube/a.ts",
    source: `import "../../tests/fakes/a.ts";`,
    rule: "layers",
  },
  { name: "main importing cli", file: "main.ts", source: `import { x } from "./lib/cli/mod.ts";` },
  {
    name: "main importing core",
    file: "main.ts",
    source: `import { x } from "./lib/core/mod.ts";`,
    rule: "layers",
  },
  {
    name: "re-export across layers",
    file: "lib/core/mod.ts",
    source: `export * from "../kube/mod.ts";`,
    rule: "layers",
  },
  {
    name: "dynamic import across layers",
    file: "lib/core/a.ts",
    source: `await import("../kube/mod.ts");`,
    rule: "layers",
  },
  {
    name: "client-node in kube",
    file: "lib/kube/a.ts",
    source: `import "@kubernetes/client-node";`,
  },
  {
    name: "client-node in a worker",
    file: "workers/w.ts",
    source: `import "@kubernetes/client-node";`,
    rule: "layers",
  },
  {
    name: "dockerode outside runtime",
    file: "lib/clusters/a.ts",
    source: `import D from "dockerode";`,
    rule: "layers",
  },
  {
    name: "npm: specifier",
    file: "lib/runtime/a.ts",
    source: `import D from "npm:dockerode";`,
    rule: "layers",
  },
  {
    name: "tests importing inside",
    file: "tests/unit/a_test.ts",
    source: `import "../../lib/core/errors.ts";`,
  },
  {
    name: "clock in an ordinary file",
    file: "lib/net/a.ts",
    source: `const a = Date.now();`,
    rule: "pure",
  },
  { name: "the clock itself", file: "lib/core/clock.ts", source: `const a = Date.now();` },
  {
    name: "empty new Date in an ordinary file",
    file: "lib/net/a.ts",
    source: `const a = new Date();`,
    rule: "pure",
  },
  { name: "new Date of a value", file: "lib/net/a.ts", source: `const a = new Date(5);` },
  {
    name: "randomness",
    file: "lib/addresses/a.ts",
    source: `const a = Math.random();`,
    rule: "pure",
  },
  { name: "Math otherwise", file: "lib/addresses/a.ts", source: `const a = Math.max(1, 2);` },
  { name: "fetch", file: "lib/proxy/a.ts", source: `await fetch("x");`, rule: "pure" },
  {
    name: "timer",
    file: "lib/dispatch/queue.ts",
    source: `setTimeout(() => {}, 1);`,
    rule: "pure",
  },
  {
    name: "timer of an adapter",
    file: "lib/embedded/watch_stream.ts",
    source: `setTimeout(() => {}, 1);`,
  },
  { name: "error classes of Deno", file: "lib/net/a.ts", source: `Deno.errors.NotFound;` },
  { name: "effects in workers", file: "workers/w.ts", source: `setTimeout(() => {}, 1);` },
  {
    name: "Deno in a plan",
    file: "lib/planes/kernel/nft_plan.ts",
    source: `Deno.cwd();`,
    rule: "pure",
  },
  { name: "drawer", file: "lib/net/utils.ts", source: ``, rule: "file-name" },
  { name: "half a drawer", file: "lib/net/cidr_helpers.ts", source: ``, rule: "file-name" },
  { name: "camel case", file: "lib/net/cidrList.ts", source: ``, rule: "file-name" },
  { name: "snake case", file: "lib/net/cidr_list.ts", source: `` },
  { name: "long file", file: "lib/net/a.ts", source: "\n".repeat(401), rule: "size" },
  { name: "full file", file: "lib/net/a.ts", source: "\n".repeat(400) },
  { name: "long test", file: "tests/unit/a_test.ts", source: "\n".repeat(601), rule: "size" },
  {
    name: "long function",
    file: "lib/net/a.ts",
    source: `function f() {${"\n".repeat(70)}}`,
    rule: "size",
  },
  { name: "full function", file: "lib/net/a.ts", source: `function f() {${"\n".repeat(69)}}` },
  {
    name: "four parameters",
    file: "lib/net/a.ts",
    source: `function f(a, b, c, d) {}`,
    rule: "parameters",
  },
  {
    name: "four parameters in a test",
    file: "tests/unit/a_test.ts",
    source: `function f(a, b, c, d) {}`,
  },
  {
    name: "four of a method",
    file: "lib/net/a.ts",
    source: `class A { f(a, b, c, d) {} }`,
    rule: "parameters",
  },
  {
    name: "four of an arrow",
    file: "lib/net/a.ts",
    source: `const f = (a, b, c, d) => 1;`,
    rule: "parameters",
  },
  { name: "three parameters", file: "lib/net/a.ts", source: `function f(a, b, c) {}` },
  { name: "bare export", file: "lib/net/a.ts", source: `export const a = 1;`, rule: "export-docs" },
  { name: "documented export", file: "lib/net/a.ts", source: `${doc}export const a = 1;` },
  {
    name: "documented, then ignored",
    file: "lib/net/a.ts",
    source: `${doc}// deno-lint-ignore x\nexport const a = 1;`,
  },
  {
    name: "comment that is no doc",
    file: "lib/net/a.ts",
    source: `${doc}const b = 1;\n// x\nexport const a = 1;`,
    rule: "export-docs",
  },
  { name: "re-export", file: "lib/net/mod.ts", source: `export * from "./a.ts";` },
  {
    name: "private keyword",
    file: "lib/net/a.ts",
    source: `class A { private a = 1; }`,
    rule: "private-names",
  },
  { name: "private name", file: "lib/net/a.ts", source: `class A { #a = 1; }` },
  { name: "enum", file: "lib/net/a.ts", source: `enum A { B }`, rule: "no-enum" },
  { name: "module variable", file: "lib/net/a.ts", source: `let a = 1;`, rule: "no-module-state" },
  { name: "module constant", file: "lib/net/a.ts", source: `const a = 1;` },
  { name: "local variable", file: "lib/net/a.ts", source: `function f() { let a = 1; }` },
  {
    name: "plain Error",
    file: "lib/net/a.ts",
    source: `throw new Error("x");`,
    rule: "error-text",
  },
  {
    name: "capital",
    file: "lib/net/a.ts",
    source: `throw new AppError("Bad x", {});`,
    rule: "error-text",
  },
  { name: "acronym", file: "lib/net/a.ts", source: `throw new AppError("API is down", {});` },
  {
    name: "period",
    file: "lib/net/a.ts",
    source: `throw new AppError("bad x.", {});`,
    rule: "error-text",
  },
  {
    name: "template",
    file: "lib/net/a.ts",
    source: "throw new AppError(`Pool ${1}`, {});",
    rule: "error-text",
  },
];

for (const { name, file, source, rule } of cases) {
  Deno.test(`lint plugin ${rule === undefined ? "allows" : `(${rule}) reports`} ${name}`, () => {
    const ids = Deno.lint.runPlugin(plugin, `/repo/${file}`, source).map((found) => found.id);
    assert.deepEqual([...new Set(ids)], rule === undefined ? [] : [`berth/${rule}`]);
  });
}

Deno.test("ADAPTERS names files that exist", () => {
  const files = sourceFiles("lib");
  assert.deepEqual(Object.keys(ADAPTERS).filter((path) => !files.includes(`lib/${path}`)), []);
});
