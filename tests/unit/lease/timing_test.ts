import assert from "assert";
import { timingProblem } from "../../../lib/lease/mod.ts";

const name = { namespace: "kube-system", name: "lock" };
const cases = [
  { duration: 15, deadline: 10, retry: 2, problem: undefined },
  { duration: 10, deadline: 10, retry: 2, problem: /lease-duration \(10s\) must be longer/ },
  { duration: 15, deadline: 2.4, retry: 2, problem: /renew-deadline \(2.4s\) must be longer/ },
];

for (const { duration, deadline, retry, problem } of cases) {
  Deno.test(`timingProblem() judges ${duration}/${deadline}/${retry} s`, () => {
    const found = timingProblem({
      ...name,
      leaseDurationMs: duration * 1000,
      renewDeadlineMs: deadline * 1000,
      retryPeriodMs: retry * 1000,
    });
    if (problem === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", problem);
  });
}
