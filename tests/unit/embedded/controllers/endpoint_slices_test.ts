import assert from "assert";
import { PaperRunner } from "../../../../lib/embedded/backends/paper_runner.ts";
import { asArray, at, type JsonObject } from "../../../../lib/embedded/json.ts";
import { settle } from "../../../fakes/registry_bed.ts";
import { WorkloadBed } from "../../../fakes/workload_bed.ts";

async function service(bed: WorkloadBed, spec: JsonObject = {}): Promise<void> {
  bed.create("services", {
    metadata: { name: "web", labels: { l: "1" } },
    spec: { ports: [{ port: 80 }], selector: { app: "web" }, ...spec },
  });
  await settle();
}

function endpoints(bed: WorkloadBed): readonly string[] {
  return bed.list("endpointslices").flatMap((slice) => asArray(slice["endpoints"]))
    .map((endpoint) =>
      `${at(endpoint, "targetRef", "name")} ${at(endpoint, "conditions", "ready")}`
    );
}

Deno.test("a Service shows its Pods as they come, go and change their labels", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await service(bed);
  assert.deepEqual(endpoints(bed), []);
  const [slice] = bed.list("endpointslices");
  assert.partialDeepStrictEqual(slice?.metadata.labels, {
    l: "1",
    "kubernetes.io/service-name": "web",
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  });
  await bed.deploy();
  const pods = bed.list("pods").map((pod) => pod.metadata.name);
  assert.deepEqual(endpoints(bed), pods.map((name) => `${name} true`));
  await bed.change(
    "pods",
    pods[0] ?? "",
    (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: "other" } } }),
  );
  assert.ok(!endpoints(bed).some((text) => text.startsWith(pods[0] ?? "")));
});

Deno.test("a changed selector and a changed port are followed", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  await service(bed);
  await bed.change(
    "services",
    "web",
    (old) => ({ ...old, spec: { ...old.spec, ports: [{ port: 81, targetPort: 99 }] } }),
  );
  assert.deepEqual(
    bed.list("endpointslices").map((slice) => at(asArray(slice["ports"])[0], "port")),
    [99],
  );
  await bed.change(
    "services",
    "web",
    (old) => ({ ...old, spec: { ...old.spec, selector: { app: "none" } } }),
  );
  assert.deepEqual(endpoints(bed), []);
});

Deno.test("a slice that somebody deletes comes back, and a deleted Service takes its own", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  await bed.deploy();
  await service(bed);
  await bed.remove("endpointslices", bed.list("endpointslices")[0]?.metadata.name ?? "");
  assert.equal(endpoints(bed).length, 2);
  await bed.remove("services", "web");
  assert.deepEqual(bed.list("endpointslices"), []);
});

Deno.test("Services without selector and slices of others are left alone", async () => {
  await using bed = new WorkloadBed(new PaperRunner());
  bed.create("endpointslices", {
    metadata: { name: "mine", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: [],
  });
  await service(bed, { selector: undefined });
  await bed.deploy();
  assert.deepEqual(bed.list("endpointslices").map((slice) => slice.metadata.name), ["mine"]);
});
