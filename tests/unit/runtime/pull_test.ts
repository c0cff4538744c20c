import assert from "assert";
import { createEngine } from "../../../lib/runtime/mod.ts";
import type { PullProgress } from "../../../lib/runtime/types.ts";
import { EngineSocket } from "../../fakes/engine_socket.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";

const signal = new AbortController().signal;

Deno.test("pullImage() downloads an image and tells how far it is", async () => {
  await using bed = await open();
  const told: PullProgress[] = [];
  const progress = (step: PullProgress) => void told.push(step);
  await bed.engine.pullImage("docker.io/proxy:v1", { signal, progress });
  assert.ok(await bed.engine.hasImage("docker.io/proxy:v1"));
  assert.deepEqual(told.map(({ doneBytes }) => doneBytes), [40, 90, 100, 100]);
  assert.deepEqual(told.at(-1), { doneBytes: 100, totalBytes: 100 });
});

Deno.test("pullImage() rejects in the registry's words", async () => {
  await using bed = await open();
  await assert.rejects(bed.engine.pullImage("docker.io/missing:v1", { signal }), {
    kind: "unavailable",
    message: /image docker\.io\/missing:v1 cannot be pulled: manifest unknown/,
  });
});

async function open() {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  const socket = new EngineSocket(`${folder}/engine.sock`, new FakeEngine());
  const engine = createEngine({ socketPath: socket.path });
  return {
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await socket[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
