import assert from "assert";
import { runnerLogs } from "../../../lib/embedded/pod_logs.ts";
import { PaperRunner } from "../../../lib/embedded/backends/paper_runner.ts";
import { RegistryBed } from "../../fakes/registry_bed.ts";

class Talkative extends PaperRunner {
  log(_uid: string, follow: boolean) {
    return follow ? new ReadableStream<Uint8Array>() : ["one", "two", "three"];
  }
}

Deno.test("runnerLogs() gives whole logs, tails and streams", () => {
  const bed = new RegistryBed();
  bed.create("pods", {
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  const logs = runnerLogs(bed.registry.store, new Talkative());
  const read = (
    more: { readonly name?: string; readonly follow?: boolean; readonly tailLines?: number },
  ) => logs.read({ namespace: "default", name: "p", follow: false, ...more });
  assert.equal(read({}), "one\ntwo\nthree\n");
  assert.equal(read({ tailLines: 1 }), "three\n");
  assert.equal(read({ tailLines: 9 }), "one\ntwo\nthree\n");
  assert.ok(read({ follow: true }) instanceof ReadableStream);
  assert.equal(read({ name: "none" }), undefined);
  assert.equal(
    runnerLogs(bed.registry.store, undefined).read({
      namespace: "default",
      name: "p",
      follow: false,
    }),
    undefined,
  );
});
