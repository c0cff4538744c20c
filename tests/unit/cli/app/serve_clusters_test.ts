import assert from "assert";
import { serveClusters } from "../../../../lib/cli/app/serve_clusters.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";

const { signal } = new AbortController();

function envOf(socketPath: string) {
  return { DOCKER_HOST: `unix://${socketPath}` };
}

Deno.test("serveClusters() does not serve kind clusters by the embedded plane", async () => {
  const settings = fakeSettings("run", { plane: "embedded" });
  await assert.rejects(serveClusters(settings, { signal }), {
    kind: "invalid",
    message: 'flag --plane is "embedded", which serves the cluster of berth dev: ' +
      'use "kernel", "envoy" or "auto"',
  });
});

Deno.test("serveClusters() says where it looked for an engine, and what helps", async () => {
  const env = envOf("/nowhere/engine.sock");
  await assert.rejects(serveClusters(fakeSettings("run"), { signal, env }), {
    kind: "unavailable",
    message: /\/nowhere\/engine\.sock.*DOCKER_HOST/,
  });
});

Deno.test("serveClusters() without any cluster waits, and ends with the signal", async () => {
  await using bed = await KindBed.open();
  const stop = new AbortController();
  const env = envOf(bed.socket.path);
  const ended = serveClusters(fakeSettings("run"), { signal: stop.signal, env });
  while (!bed.engine.calls.includes("containers")) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  stop.abort();
  await ended;
});
