import assert from "assert";
import {
  allFeatures,
  chosenTests,
  EMPTY_WHEN_CLAIMED,
  GATEWAY_TESTS,
  MESH_TESTS,
  verdict,
} from "./gateway_verdict.ts";
import type { Outcome, TestResult } from "./go_test_output.ts";

const ALL = Object.keys(GATEWAY_TESTS);

function result(name: string, outcome: Outcome = "passed", lines: string[] = []): TestResult {
  return { name, outcome, seconds: 1, lines };
}

Deno.test("the table holds the suite's 131 gateway tests and 22 mesh tests", () => {
  assert.equal(ALL.length, 131);
  assert.equal(MESH_TESTS.size, 22);
  for (const name of Object.keys(EMPTY_WHEN_CLAIMED)) assert.ok(ALL.includes(name), name);
  assert.ok(allFeatures().includes("Gateway"));
});

Deno.test("verdict() wants every gateway test passed on the experimental channel", () => {
  const results = ALL.map((name) => result(name));
  const mesh = [...MESH_TESTS].map((name) => result(name, "skipped"));
  const fine = verdict([...results, ...mesh], ALL, "experimental");
  assert.deepEqual(fine, { passed: 131, failures: [], leftOut: [] });
});

Deno.test("verdict() counts what was skipped, failed, cut off or missing as failed", () => {
  const chosen = ["HTTPRouteCORS", "HTTPRouteWeight", "TCPRouteReferenceGrant", "UDPRoute"];
  const results = [
    result("HTTPRouteCORS", "skipped", ["suite does not support HTTPRouteCORS"]),
    result("HTTPRouteWeight", "failed", ["  Error:  no answer"]),
    result("TCPRouteReferenceGrant", "unfinished"),
    result("BrandNew"),
  ];
  const { passed, failures } = verdict(results, chosen, "experimental");
  assert.equal(passed, 0);
  assert.deepEqual(failures.map(({ name, why }) => [name, why.split(":")[0]]), [
    ["HTTPRouteCORS", "skipped"],
    ["HTTPRouteWeight", "failed"],
    ["TCPRouteReferenceGrant", "unfinished"],
    ["UDPRoute", "did not run"],
    ["BrandNew", "is not a test of suite v1.6.3 as it was listed"],
  ]);
});

Deno.test("verdict() leaves out on the standard channel what its definitions cannot say", () => {
  const results = ALL.map((name) => result(name, name === "HTTPRouteRetry" ? "skipped" : "passed"));
  const { passed, failures, leftOut } = verdict(results, ALL, "standard");
  assert.equal(passed, 130);
  assert.deepEqual(failures, []);
  assert.deepEqual(leftOut.map((one) => one.name), ["HTTPRouteRetry"]);
});

Deno.test("chosenTests() takes names and patterns, and refuses what matches nothing", () => {
  assert.deepEqual(chosenTests(["UDPRoute"]), ["UDPRoute"]);
  assert.equal(chosenTests(["TCPRoute*"]).length, 8);
  assert.equal(chosenTests([]).length, 131);
  assert.throws(() => chosenTests(["Nothing"]), /names no gateway test/);
});
