import assert from "assert";
import { readSkipped, skipLines, testArguments } from "../../../scripts/run_tests.ts";

const junit = `<testsuites>
  <testsuite name="./tests/contract/engine_test.ts">
    <testcase name="a &quot;b&quot; &lt;c&gt;" classname="./tests/contract/engine_test.ts" time="0" line="1">
      <skipped/>
    </testcase>
    <testcase name="ran" classname="./tests/contract/engine_test.ts" time="0">
    </testcase>
    <testcase name="other" classname="./tests/unit/x_test.ts" time="0">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>`;

Deno.test("readSkipped() finds skipped cases alone, with their text decoded", () => {
  assert.deepEqual(readSkipped(junit), [
    { file: "tests/contract/engine_test.ts", name: 'a "b" <c>' },
    { file: "tests/unit/x_test.ts", name: "other" },
  ]);
});

Deno.test("skipLines() says what each file needs", () => {
  assert.deepEqual(skipLines([...readSkipped(junit), ...readSkipped(junit)]), [
    "skipped 2 of tests/contract/engine_test.ts: they need a container engine: " +
    "set BERTH_CONTRACT_ENGINE=1 and BERTH_CONTRACT_IMAGE",
    "skipped 2 of tests/unit/x_test.ts: the file tells why",
  ]);
  assert.deepEqual(skipLines([]), []);
});

const cases = [
  { args: [], expected: ["tests/unit", "tests/contract"] },
  { args: ["--filter=x"], expected: ["--filter=x", "tests/unit", "tests/contract"] },
  { args: ["tests/unit/cli"], expected: ["tests/unit/cli"] },
];

for (const { args, expected } of cases) {
  Deno.test(`testArguments() of ${JSON.stringify(args)}`, () => {
    const found = testArguments(args, (folder) => folder !== "tests/integration");
    assert.deepEqual(found, ["test", "-A", "--no-prompt", ...expected]);
  });
}
