import assert from "assert";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { failureLog } from "../../../../lib/cli/app/failure_log.ts";
import { KubeError } from "../../../../lib/kube/mod.ts";

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
    failureLog(undefined, "/api/v1/services").failed(new Error("nameless"));
  } finally {
    await reset();
  }
  assert.deepEqual(records.map(({ properties }) => properties["error"]), [
    ...["down", "refused", "down", "odd", "nameless"],
  ]);
  assert.deepEqual(records.map(({ properties }) => properties["cluster"] ?? "none"), [
    ...["one", "one", "one", "one", "none"],
  ]);
  assert.equal("cluster" in (records.at(-1)?.properties ?? {}), false);
});

for (
  const { status, message, level } of [
    { status: 429, message: "storage is (re)initializing", level: "debug" },
    { status: 429, message: "too many requests", level: "warning" },
    { status: 500, message: "storage is (re)initializing", level: "warning" },
  ]
) {
  Deno.test(`failureLog() tells ${status} "${message}" at level ${level}`, async () => {
    const records: LogRecord[] = [];
    await configure({
      sinks: { memory: (record) => records.push(record) },
      loggers: [
        { category: ["berth"], sinks: ["memory"], lowestLevel: "debug" },
        { category: ["logtape", "meta"], lowestLevel: "fatal" },
      ],
    });
    try {
      failureLog("one", "/api/v1/services").failed(new KubeError(message, { status }));
    } finally {
      await reset();
    }
    assert.deepEqual(records.map((record) => record.level), [level]);
  });
}
