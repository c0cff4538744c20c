import assert from "assert";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { failureLog } from "../../../../lib/cli/app/failure_log.ts";

Deno.test("failureLog() tells each trouble once, until another comes", async () => {
  const records: LogRecord[] = [];
  await configure({
    sinks: { memory: (record) => records.push(record) },
    loggers: [
      { category: ["berth"], sinks: ["memory"], lowestLevel: "warning" },
      { category: ["logtape", "meta"], lowestLevel: "fatal" },
    ],
  });
  try {
    const log = failureLog("one", "/api/v1/services");
    for (const text of ["down", "down", "refused", "down"]) log.failed(new Error(text));
    log.unreadable(new Error("odd"));
  } finally {
    await reset();
  }
  assert.deepEqual(records.map(({ properties }) => properties["error"]), [
    ...["down", "refused", "down", "odd"],
  ]);
});
