import assert from "assert";
import { unlessDenied } from "../../../../lib/cli/app/denial.ts";
import { AppError } from "../../../../lib/core/mod.ts";

Deno.test("unlessDenied() ends with what the sandbox refuses, and with nothing else", async () => {
  const cause = new Deno.errors.NotCapable("no net");
  const refused = new AppError("cannot reach it", { kind: "forbidden", cause });
  const seen: boolean[] = [];
  const task = unlessDenied((denied) => {
    for (const error of [new Error("down"), refused]) seen.push(denied(error));
    return new Promise(() => {});
  });
  await assert.rejects(task, (error) => error === refused);
  assert.deepEqual(seen, [false, true]);
});

Deno.test("unlessDenied() ends as its task does", async () => {
  await unlessDenied(() => Promise.resolve());
  await assert.rejects(unlessDenied(() => Promise.reject(new Error("lost"))), /lost/);
});
