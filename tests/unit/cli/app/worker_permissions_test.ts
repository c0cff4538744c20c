import assert from "assert";
import { workerPermissions } from "../../../../lib/cli/app/worker_permissions.ts";

Deno.test("workerPermissions() adds a directory to write to, and only when there is one", () => {
  const [plain, logging] = [undefined, ".berth/logs"].map((logs) =>
    workerPermissions("/engine.sock", logs)
  );
  assert.deepEqual(plain, {
    read: ["/engine.sock"],
    write: ["/engine.sock"],
    net: ["unix:/engine.sock"],
    env: true,
  });
  assert.deepEqual(logging, { ...plain, write: ["/engine.sock", ".berth/logs"] });
});
