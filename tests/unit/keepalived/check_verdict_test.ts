import assert from "assert";
import { checkProblem } from "../../../lib/keepalived/check_verdict.ts";

Deno.test("checkProblem() is silent about a quiet file", () => {
  assert.equal(checkProblem({ code: 0, stderr: "" }), undefined);
});

Deno.test("checkProblem() tells what keepalived said first", () => {
  const stderr = "\n(Line 3) Unknown keyword 'x'\n\nb\nc\nd\n";
  assert.equal(
    checkProblem({ code: 5, stderr }),
    "keepalived refuses the new configuration (status 5): (Line 3) Unknown keyword 'x'; b; c",
  );
  assert.match(checkProblem({ code: 1, stderr: "" }) ?? "", /it gave no reason/);
});
