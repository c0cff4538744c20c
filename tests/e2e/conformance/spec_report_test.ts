import assert from "assert";
import { specResults } from "./spec_report.ts";

Deno.test("specResults() tells what ran from what the filter left out", () => {
  const spec = (name: string, state: string, attempts: number, message?: string) => ({
    ContainerHierarchyTexts: ["[sig-network] LoadBalancers"],
    LeafNodeText: name,
    LeafNodeType: "It",
    State: state,
    NumAttempts: attempts,
    RunTime: 2_400_000_000,
    ...(message === undefined ? {} : { Failure: { Message: message } }),
  });
  const reports = [
    spec("works", "passed", 1),
    spec("breaks", "timedout", 1, "first line\nsecond line"),
    spec("gives up", "skipped", 1, "uses 'Proxy' IPMode"),
    spec("is filtered out", "skipped", 0),
    { ...spec("", "passed", 1), LeafNodeType: "BeforeSuite" },
  ];
  const results = specResults(JSON.stringify([{ SpecReports: reports }]));
  assert.deepEqual(results.map((one) => [one.outcome, one.message]), [
    ["passed", ""],
    ["failed", "first line"],
    ["skipped", "uses 'Proxy' IPMode"],
  ]);
  assert.equal(results[0]?.name, "[sig-network] LoadBalancers works");
  assert.equal(results[0]?.seconds, 2);
});
