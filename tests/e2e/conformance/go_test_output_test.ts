import assert from "assert";
import { failureReason, GoTestOutput } from "./go_test_output.ts";

function read(text: string) {
  let seconds = 0;
  const output = new GoTestOutput(() => seconds * 1000);
  const ended = text.split("\n").flatMap((line, at) => {
    seconds = at;
    return output.push(line)?.name ?? [];
  });
  return { output, ended };
}

Deno.test("GoTestOutput tells results as they come, with their own lines", () => {
  const { output, ended } = read([
    "\x16=== RUN   TestConformance",
    "    conformance.go:97: Running with:",
    "\x16=== RUN   TestConformance/Slow",
    "\x16=== PAUSE TestConformance/Slow",
    "\x16=== RUN   TestConformance/Simple",
    "\x16=== RUN   TestConformance/Simple/part_one/deep",
    "    helpers.go:1: waiting",
    "\x16--- PASS: TestConformance/Simple/part_one/deep (1.00s)",
    "\x16--- PASS: TestConformance/Simple (1.50s)",
    "\x16=== RUN   TestConformance/Off",
    "    conformance.go:56: suite does not support Mesh",
    "\x16--- SKIP: TestConformance/Off (0.00s)",
    "\x16=== CONT  TestConformance/Slow",
    "    \tError:      \tstatus 404",
    "\x16=== NAME  TestConformance/Slow/inside",
    "    \tMessages:   \tno route",
    "\x16--- FAIL: TestConformance/Slow (60.25s)",
    "\x16=== RUN   TestConformance/Late",
    "panic: out of time",
  ].join("\n"));
  assert.deepEqual(ended, ["Simple", "Off", "Slow"]);
  assert.deepEqual(
    output.results().map(({ name, outcome, seconds }) => [name, outcome, seconds]),
    [
      ["Slow", "failed", 4],
      ["Simple", "passed", 4],
      ["Off", "skipped", 2],
      ["Late", "unfinished", 0],
    ],
  );
  assert.equal(failureReason(output.results()[0]?.lines ?? []), "status 404; no route");
  assert.deepEqual(output.outside(), ["    conformance.go:97: Running with:"]);
});

Deno.test("GoTestOutput reads the indented results of plain verbose output", () => {
  const { ended } = read([
    "--- FAIL: TestConformance (9.00s)",
    "    --- PASS: TestConformance/Simple (1.50s)",
    "        --- PASS: TestConformance/Simple/part (1.00s)",
  ].join("\n"));
  assert.deepEqual(ended, ["Simple"]);
});

Deno.test("failureReason() falls back to the last line", () => {
  assert.equal(failureReason(["first", "  last", ""]), "last");
  assert.equal(failureReason([]), "no output");
});

Deno.test("failureReason() reads what an assertion wraps", () => {
  const lines = ["\tError:  \tReceived unexpected error:", "\t  \tnothing there", "\tTest: \tX"];
  assert.equal(failureReason(lines), "Received unexpected error: nothing there");
});
