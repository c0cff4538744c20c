import assert from "assert";
import { EngineClient } from "../../../lib/runtime/client.ts";
import { containerWorks } from "../../../lib/runtime/container_works.ts";

// what it does right is in tests/contract/engine.ts
Deno.test("containerWorks() names what could not be done", async () => {
  const works = containerWorks(new EngineClient({ socketPath: "/none.sock" }));
  await assert.rejects(works.removeVolume("keys"), {
    kind: "unavailable",
    message: /cannot remove volume keys: there is no engine socket at \/none\.sock/,
  });
  await assert.rejects(works.renameContainer("a", "b"), { message: /rename container a to b/ });
});
