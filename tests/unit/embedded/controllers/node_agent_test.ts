import assert from "assert";
import { asArray, at } from "../../../../lib/embedded/json.ts";
import { ManualRunner } from "../../../fakes/manual_runner.ts";
import { settle } from "../../../fakes/registry_bed.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

Deno.test("a bound Pod is started, then Running with its address and node", async () => {
  const runner = new ManualRunner();
  await using bed = new WorkloadBed(runner);
  await bed.deploy({ replicas: 1 });
  assert.equal(bed.list("pods")[0]?.status?.["phase"], "Pending");
  runner.release({ "8080": 4_000 });
  await settle();
  const [pod] = bed.list("pods");
  assert.partialDeepStrictEqual(pod?.status, {
    phase: "Running",
    podIP: "10.244.0.1",
    hostIP: "127.76.0.2",
  });
  assert.equal(pod?.metadata.annotations?.["berth.dev/backend-ports"], '{"8080":4000}');
});

Deno.test("a Pod that cannot start says why", async () => {
  const runner = new ManualRunner();
  await using bed = new WorkloadBed(runner);
  await bed.deploy({ replicas: 1 });
  runner.fail("no address left");
  await settle();
  const [container] = asArray(bed.list("pods")[0]?.status?.["containerStatuses"]);
  assert.deepEqual(at(container, "state", "waiting"), {
    reason: "CreateContainerError",
    message: "no address left",
  });
});

Deno.test("a deleted Pod is stopped before it is gone, also while it starts", async () => {
  const runner = new ManualRunner();
  await using bed = new WorkloadBed(runner);
  bed.create("pods", {
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  await settle();
  const uid = bed.require("pods", "p").metadata.uid;
  assert.deepEqual(runner.waiting, ["p"]);
  await bed.remove("pods", "p");
  assert.ok(bed.require("pods", "p").metadata.deletionTimestamp);
  runner.release();
  await settle();
  assert.deepEqual(runner.stopped, [uid]);
  assert.equal(bed.get("pods", "p"), undefined);
});

Deno.test("disposing stops every Pod that runs", async () => {
  const runner = new ManualRunner();
  const bed = new WorkloadBed(runner);
  await bed.deploy({ replicas: 3 });
  runner.release();
  await bed[Symbol.asyncDispose]();
  assert.equal(runner.stopped.length, 3);
});
