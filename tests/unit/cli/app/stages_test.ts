import assert from "assert";
import { runStages } from "../../../../lib/cli/app/stages.ts";

Deno.test("runStages() puts the stages in order; what the worker did not spend is the message", () => {
  const stages = runStages({ plan: 1, apply: 2.5 }, { queue: 4, job: 5, status: 6 });
  const expected = [["queue", 4], ["message", 1.5], ["plan", 1], ["apply", 2.5], ["status", 6]];
  assert.deepEqual(Object.entries(stages), expected);
});

Deno.test("runStages() is never negative where clocks are coarse", () => {
  const times = { queue: 0, job: 0, status: 0 };
  assert.equal(runStages({ plan: 0.2 }, times)["message"], 0);
});
