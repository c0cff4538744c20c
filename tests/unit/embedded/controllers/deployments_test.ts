import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";
import { asArray, at } from "../../../../lib/embedded/json.ts";
import { ManualRunner } from "../../../fakes/manual_runner.ts";
import { settle } from "../../../fakes/registry_bed.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

function sets(bed: WorkloadBed): readonly string[] {
  return bed.list("replicasets").map((set) => {
    const revision = set.metadata.annotations?.["deployment.kubernetes.io/revision"];
    return `r${revision}:${set.spec?.["replicas"]}/${set.status?.["readyReplicas"] ?? 0}`;
  }).sort();
}

Deno.test("a Deployment runs its Pods and says that it is available", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  assert.deepEqual(sets(bed), ["r1:2/2"]);
  const { status, metadata } = bed.require("deployments", "web");
  assert.equal(status?.["availableReplicas"], 2);
  assert.equal(metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
});

Deno.test("a new template rolls over, and going back takes the old set", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  await bed.roll("v2");
  assert.deepEqual(sets(bed), ["r1:0/0", "r2:2/2"]);
  await bed.roll("v1");
  assert.deepEqual(sets(bed), ["r2:0/0", "r3:2/2"]);
  const images = bed.list("pods").map((pod) => at(asArray(pod.spec?.["containers"])[0], "image"));
  assert.deepEqual(images, ["v1", "v1"]);
});

Deno.test("old Pods stay until new ones are ready", async () => {
  const runner = new ManualRunner();
  await using bed = new WorkloadBed(runner);
  await bed.deploy({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  runner.release();
  await settle();
  await bed.roll("v2");
  assert.deepEqual(sets(bed), ["r1:2/2", "r2:1/0"]);
  for (let i = 0; i < 3; i++) {
    runner.release();
    await settle();
  }
  assert.deepEqual(sets(bed), ["r1:0/0", "r2:2/2"]);
});

Deno.test("a paused Deployment keeps its template but follows its size", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  await bed.change(
    "deployments",
    "web",
    (old) => ({ ...old, spec: { ...old.spec, paused: true } }),
  );
  await bed.roll("v2");
  assert.deepEqual(sets(bed), ["r1:2/2"]);
});

Deno.test("history beyond its limit goes", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy({ revisionHistoryLimit: 1 });
  for (const image of ["v2", "v3", "v4"]) await bed.roll(image);
  assert.deepEqual(sets(bed), ["r3:0/0", "r4:2/2"]);
});

Deno.test("a deleted Deployment takes its sets and Pods", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  await bed.remove("deployments", "web");
  assert.deepEqual([bed.list("replicasets"), bed.list("pods")], [[], []]);
});
