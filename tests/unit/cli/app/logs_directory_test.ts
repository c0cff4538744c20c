import assert from "assert";
import { logsDirectory } from "../../../../lib/cli/app/logs_directory.ts";
import { UsageError } from "../../../../lib/core/mod.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("logsDirectory() makes what is named, or logs in the state directory", async () => {
  await inFolder(async (stateDir) => {
    const kept = { stateDir, enableLogDumping: true };
    assert.equal(await logsDirectory(fakeSettings("run", kept)), `${stateDir}/logs`);
    const logsDir = `${stateDir}/a/b`;
    for (let i = 0; i < 2; i++) {
      assert.equal(await logsDirectory(fakeSettings("run", { ...kept, logsDir })), logsDir);
    }
    assert.deepEqual([...Deno.readDirSync(logsDir)], []);
  });
});

Deno.test("logsDirectory() makes nothing unless logs are asked for", async () => {
  await inFolder(async (stateDir) => {
    const settings = fakeSettings("run", { stateDir, logsDir: `${stateDir}/a` });
    assert.equal(await logsDirectory(settings), undefined);
    assert.deepEqual([...Deno.readDirSync(stateDir)], []);
  });
});

Deno.test("logsDirectory() refuses a directory in which nothing can be written", async () => {
  await inFolder(async (folder) => {
    const logsDir = `${folder}/file/logs`;
    await Deno.writeTextFile(`${folder}/file`, "");
    const settings = fakeSettings("run", { enableLogDumping: true, logsDir });
    await assert.rejects(logsDirectory(settings), (error) => {
      assert.ok(error instanceof UsageError);
      assert.ok(error.message.startsWith(`--enable-log-dumping cannot write to ${logsDir}: `));
      assert.ok(error.message.endsWith(" (--logs-dir names another directory)"));
      return true;
    });
  });
});

Deno.test({
  name: "logsDirectory() tells the flag that the sandbox wants",
  permissions: { write: ["other"] },
  fn: async () => {
    await assert.rejects(logsDirectory(fakeSettings("run", { enableLogDumping: true })), {
      message: "--enable-log-dumping cannot write to .berth/logs: berth has no write permission: " +
        "start it with deno run --allow-write=.berth/logs (--logs-dir names another directory)",
    });
  },
});
