import assert from "assert";
import { startControllers } from "../../../../lib/embedded/controllers/start.ts";
import { RegistryBed, settle } from "../../../fakes/registry_bed.ts";

Deno.test("without a runner workloads lie still, namespaces and garbage are looked after", async () => {
  const bed = new RegistryBed();
  const stop = startControllers(bed.registry, { endpointSlices: false });
  const labels = { app: "w" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } };
  bed.create("deployments", {
    metadata: { name: "w" },
    spec: { selector: { matchLabels: labels }, template },
  });
  bed.create("services", {
    metadata: { name: "w" },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  await settle();
  assert.deepEqual([bed.list("replicasets"), bed.list("endpointslices")], [[], []]);
  assert.deepEqual(bed.list("serviceaccounts").map((account) => account.metadata.name), [
    "default",
  ]);
  await stop();
  bed.create("namespaces", { metadata: { name: "late" } });
  await settle();
  assert.equal(bed.registry.store.get(bed.row("serviceaccounts"), "late/default"), undefined);
});
