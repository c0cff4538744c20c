import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";

const POD = { namespace: "n", name: "p", nodeName: "x", ports: [] };

Deno.test("every Pod has addresses of its own", async () => {
  const runner = new PaperRunner({ dual: true });
  const ips = [];
  for (const uid of ["a", "b"]) ips.push(...(await runner.start({ ...POD, uid })).ips);
  assert.deepEqual(ips, ["10.244.0.1", "fd00:10:244::1", "10.244.0.2", "fd00:10:244::2"]);
  await runner.stop("a");
  assert.deepEqual(runner.running, ["b"]);
  assert.equal((await new PaperRunner().start({ ...POD, uid: "c" })).ips.length, 1);
});
