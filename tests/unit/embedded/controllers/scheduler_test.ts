import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";
import { fits } from "../../../../lib/embedded/controllers/scheduler.ts";
import { asArray, at, type JsonObject } from "../../../../lib/embedded/json.ts";
import { SAMPLE_NODES } from "../../../../lib/embedded/seed.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

function node(spec: JsonObject, ready = "True"): KubeObject {
  const conditions = [{ type: "Ready", status: ready }];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n", labels: { disk: "ssd" } },
    spec,
    status: { conditions },
  };
}

function pod(spec: JsonObject): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
}

const TAINT = { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] };
const CASES: readonly (readonly [string, JsonObject, KubeObject, boolean])[] = [
  ["a plain node", {}, node({}), true],
  ["a node that is not ready", {}, node({}, "False"), false],
  ["a cordoned node", {}, node({ unschedulable: true }), false],
  ["a tainted node", {}, node(TAINT), false],
  [
    "a tolerated taint",
    { tolerations: [{ key: "k", value: "v", effect: "NoSchedule" }] },
    node(TAINT),
    true,
  ],
  [
    "a taint tolerated by key",
    { tolerations: [{ key: "k", operator: "Exists" }] },
    node(TAINT),
    true,
  ],
  ["a taint of another value", { tolerations: [{ key: "k", value: "w" }] }, node(TAINT), false],
  ["any taint tolerated", { tolerations: [{ operator: "Exists" }] }, node(TAINT), true],
  ["a soft taint", {}, node({ taints: [{ key: "k", effect: "PreferNoSchedule" }] }), true],
  ["a matching selector", { nodeSelector: { disk: "ssd" } }, node({}), true],
  ["another selector", { nodeSelector: { disk: "hdd" } }, node({}), false],
];

for (const [name, spec, on, expected] of CASES) {
  Deno.test(`fits() is ${expected} for ${name}`, () => assert.equal(fits(pod(spec), on), expected));
}

Deno.test("Pods are spread over the nodes", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy({ replicas: 6 });
  const counts = SAMPLE_NODES.map((name) =>
    bed.list("pods").filter((one) => one.spec?.["nodeName"] === name).length
  );
  assert.deepEqual(counts, [3, 3]);
});

Deno.test("a Pod that fits nowhere says so and waits for a node", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  const cordon = (unschedulable: boolean) =>
    Promise.all(
      SAMPLE_NODES.map((name) =>
        bed.change("nodes", name, (old) => ({ ...old, spec: { ...old.spec, unschedulable } }))
      ),
    );
  await cordon(true);
  await bed.deploy({ replicas: 1 });
  const [waiting] = bed.list("pods");
  const [scheduled] = asArray(waiting?.status?.["conditions"]);
  assert.deepEqual([at(scheduled, "reason"), waiting?.spec?.["nodeName"]], [
    "Unschedulable",
    undefined,
  ]);
  await cordon(false);
  assert.equal(bed.list("pods")[0]?.status?.["phase"], "Running");
});
