import assert from "assert";
import { workerProblems, workerUrls } from "../../../scripts/check_workers.ts";

Deno.test("workerUrls() finds every form that the formatter leaves", () => {
  const source = `
    new Worker(new URL("../../workers/a_worker.ts", import.meta.url), { type: "module" });
    const url = new URL(
      "../workers/deep/b.ts",
      import.meta.url,
    );
    new URL("../other/c.ts", import.meta.url);`;
  assert.deepEqual(workerUrls(source), ["workers/a_worker.ts", "workers/deep/b.ts"]);
});

const graph = new Map([
  ["workers/a.ts", ["lib/x/mod.ts"]],
  ["lib/x/mod.ts", ["npm:/dockerode@1"]],
  ["workers/b.ts", ["lib/kube/mod.ts"]],
  ["lib/kube/mod.ts", ["npm:/@kubernetes/client-node@2"]],
]);

const cases = [
  { entry: "workers/a.ts", task: "deno compile --include workers/a.ts main.ts", problems: [] },
  {
    entry: "workers/a.ts",
    task: "deno compile main.ts",
    problems: ["the compile task in deno.json lacks --include workers/a.ts"],
  },
  {
    entry: "workers/b.ts",
    task: "deno compile --include workers/b.ts main.ts",
    problems: ["workers/b.ts reaches @kubernetes/client-node, which is for main only"],
  },
  { entry: "workers/c.ts", task: "", problems: ["worker entry workers/c.ts does not exist"] },
];

for (const { entry, task, problems } of cases) {
  Deno.test(`workerProblems() of ${entry} under "${task}"`, () => {
    assert.deepEqual(workerProblems([entry], { graph, compileTask: task }), problems);
  });
}
