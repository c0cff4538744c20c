import assert from "assert";
import { notFound } from "../../../../lib/embedded/api_error.ts";
import { WorkSet } from "../../../../lib/embedded/controllers/work_set.ts";
import { settle } from "../../../fakes/registry_bed.ts";

Deno.test("a key marked often is worked on once, later and in order", async () => {
  const done: string[] = [];
  const work = new WorkSet((key) => done.push(key));
  for (const key of ["a", "b", "a"]) work.mark(key);
  assert.deepEqual(done, []);
  await settle();
  assert.deepEqual(done, ["a", "b"]);
});

Deno.test("work may ask for more work, and one failure does not stop the rest", async () => {
  const done: string[] = [];
  const work = new WorkSet((key) => {
    done.push(key);
    if (key === "lost") throw notFound({ group: "", plural: "things" }, "x");
    if (key === "broken") throw new Error("defect");
    if (key === "a") work.mark("later");
  });
  for (const key of ["lost", "broken", "a"]) work.mark(key);
  await settle();
  assert.deepEqual(done, ["lost", "broken", "a", "later"]);
});

Deno.test("stopped work is not done", async () => {
  const done: string[] = [];
  const work = new WorkSet((key) => {
    done.push(key);
    work.stop();
  });
  work.mark("a");
  work.mark("b");
  await settle();
  assert.deepEqual(done, ["a"]);
});
