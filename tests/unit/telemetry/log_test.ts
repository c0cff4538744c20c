import assert from "assert";
import { getLogger } from "@logtape/logtape";
import { type LogSettings, lowestLevel, startLogging } from "../../../lib/telemetry/mod.ts";

/** What goes to standard error while `write` runs. */
async function logged(settings: LogSettings, write: () => void): Promise<readonly string[]> {
  const stderr = Deno.stderr as { writeSync(data: Uint8Array): number };
  const real = stderr.writeSync;
  let text = "";
  stderr.writeSync = (data) => {
    text += new TextDecoder().decode(data);
    return data.length;
  };
  try {
    await using _logging = await startLogging(settings);
    write();
  } finally {
    stderr.writeSync = real;
  }
  return text === "" ? [] : text.trimEnd().split("\n");
}

const log = getLogger(["berth", "test"]);

function everyLevel(): void {
  log.error("an error");
  log.warn("a warning");
  log.info("a change");
  log.debug("a step");
}

Deno.test("startLogging() shows as much as the verbosity says", async () => {
  const all = ["an error", "a warning", "a change", "a step"];
  for (const [level, count] of [[-1, 1], [0, 1], [1, 2], [2, 3], [3, 4], [9, 4]] as const) {
    const lines = await logged({ level, format: "text" }, everyLevel);
    assert.equal(lines.length, count, `verbosity ${level}`);
    lines.forEach((line, at) => assert.ok(line.includes(all[at] ?? "?"), line));
  }
});

Deno.test("startLogging() writes fields behind the message, quoted where need be", async () => {
  const [line = ""] = await logged({ level: 2, format: "text" }, () =>
    log.info("cluster found", {
      cluster: "one",
      nodes: 3,
      error: 'no "luck" today',
      list: ["a", "b"],
      empty: undefined,
    }));
  assert.match(
    line,
    /INFO.*berth\.test.*: cluster found cluster=one nodes=3 error="no \\"luck\\" /,
  );
  assert.match(line, /today" list="\[\\"a\\",\\"b\\"\]" empty=undefined$/);
});

Deno.test("startLogging() writes JSON lines", async () => {
  const [line = ""] = await logged(
    { level: 2, format: "json", isolate: "worker/one" },
    () => log.info("cluster found", { cluster: "one" }),
  );
  const { level, message, properties } = JSON.parse(line);
  assert.deepEqual([level, message, properties], [
    "INFO",
    "cluster found",
    { cluster: "one", isolate: "worker/one" },
  ]);
});

Deno.test("startLogging() names the isolate of a worker", async () => {
  const settings = { level: 2, format: "text", isolate: "worker/one" } as const;
  const [line = ""] = await logged(settings, () => log.info("ready"));
  assert.match(line, / ready isolate=worker\/one$/);
});

Deno.test("startLogging() ends with its result", async () => {
  assert.deepEqual(await logged({ level: 2, format: "text" }, () => {}), []);
  const lines = await logged({ level: 0, format: "text" }, () => {});
  everyLevel();
  assert.deepEqual(lines, []);
});

Deno.test("startLogging() may be called again with other settings", async () => {
  const lines = await logged({ level: 3, format: "text" }, everyLevel);
  const fewer = await logged({ level: 0, format: "text" }, everyLevel);
  assert.deepEqual([lines.length, fewer.length], [4, 1]);
});

Deno.test("lowestLevel() follows klog's scale", () => {
  const levels = [-1, 0, 1, 2, 3, 4].map(lowestLevel);
  assert.deepEqual(levels, ["error", "error", "warning", "info", "debug", "debug"]);
});
