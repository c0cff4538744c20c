import assert from "assert";
import { serveClusters } from "../../../../lib/cli/app/mod.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";

const { signal } = new AbortController();

/** Runs with DOCKER_HOST set, which is where the engine is looked for. */
async function withEngine<T>(socketPath: string, run: () => Promise<T>): Promise<T> {
  const before = Deno.env.get("DOCKER_HOST");
  Deno.env.set("DOCKER_HOST", `unix://${socketPath}`);
  try {
    return await run();
  } finally {
    if (before === undefined) Deno.env.delete("DOCKER_HOST");
    else Deno.env.set("DOCKER_HOST", before);
  }
}

Deno.test("serveClusters() does not serve kind clusters by the embedded plane", async () => {
  const settings = fakeSettings("run", { plane: "embedded" });
  await assert.rejects(serveClusters(settings, { signal }), {
    kind: "invalid",
    message: 'flag --plane is "embedded", which serves the cluster of berth dev: ' +
      'use "kernel" or "auto"',
  });
});

Deno.test("serveClusters() says where it looked for an engine, and what helps", async () => {
  const run = () => serveClusters(fakeSettings("run"), { signal });
  await assert.rejects(withEngine("/nowhere/engine.sock", run), {
    kind: "unavailable",
    message: /\/nowhere\/engine\.sock.*DOCKER_HOST/,
  });
});

Deno.test("serveClusters() without any cluster waits, and ends with the signal", async () => {
  await using bed = await KindBed.open();
  const stop = new AbortController();
  const ended = withEngine(
    bed.socket.path,
    () => serveClusters(fakeSettings("run"), { signal: stop.signal }),
  );
  while (!bed.engine.calls.includes("containers")) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  stop.abort();
  await ended;
});
