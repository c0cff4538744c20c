import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";
import { ManualRunner } from "../../../fakes/manual_runner.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

function scale(bed: WorkloadBed, replicas: number): Promise<void> {
  return bed.change("deployments", "web", (old) => ({ ...old, spec: { ...old.spec, replicas } }));
}

Deno.test("Pods are made and taken away to the number", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy({ replicas: 4 });
  assert.equal(bed.list("pods").length, 4);
  await scale(bed, 1);
  assert.equal(bed.list("pods").length, 1);
  assert.deepEqual(bed.list("replicasets")[0]?.status, {
    replicas: 1,
    fullyLabeledReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    observedGeneration: bed.list("replicasets")[0]?.metadata.generation,
  });
});

Deno.test("a Pod that is deleted is replaced", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  const [first] = bed.list("pods");
  await bed.remove("pods", first?.metadata.name ?? "");
  const names = bed.list("pods").map((pod) => pod.metadata.name);
  assert.equal(names.length, 2);
  assert.ok(!names.includes(first?.metadata.name ?? ""));
});

Deno.test("Pods that are not ready are given up first", async () => {
  const runner = new ManualRunner();
  await using bed = new WorkloadBed(runner);
  await bed.deploy({ replicas: 1 });
  runner.release();
  await scale(bed, 3);
  const ready = bed.list("pods").filter((pod) => pod.status?.["phase"] === "Running");
  await scale(bed, 1);
  const left = bed.list("pods").filter((pod) => pod.metadata.deletionTimestamp === undefined);
  assert.deepEqual(left.map((pod) => pod.metadata.name), ready.map((pod) => pod.metadata.name));
  runner.release();
});
