import assert from "assert";
import {
  bindPod,
  finalizeNamespace,
  scaleOf,
  updateScale,
} from "../../../lib/embedded/subresources.ts";
import { deleteObject } from "../../../lib/embedded/write_delete.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const LABELS = { app: "w", tier: "x" };
const SPEC = {
  replicas: 2,
  selector: { matchLabels: LABELS },
  template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "c", image: "x" }] } },
};
const REF = { namespace: "default", name: "w" };

Deno.test("scale shows and changes replicas", () => {
  const bed = new RegistryBed();
  const made = bed.create("deployments", { metadata: { name: "w" }, spec: SPEC });
  assert.deepEqual(scaleOf(made).status, { replicas: 0, selector: "app=w,tier=x" });
  const row = bed.row("deployments");
  const scale = updateScale(bed.registry, row, {
    ...REF,
    change: () => ({ spec: { replicas: 5 } }),
  });
  assert.deepEqual(scale.spec, { replicas: 5 });
  assert.equal(bed.require("deployments", "w").spec?.["replicas"], 5);
  const bad = (
    change: () => { readonly [key: string]: { readonly [key: string]: string | number } },
  ) => refusal(() => updateScale(bed.registry, row, { ...REF, change }));
  assert.match(bad(() => ({ spec: { replicas: -1 } })), /^400/);
  assert.match(bad(() => ({ metadata: { resourceVersion: "1" }, spec: { replicas: 1 } })), /^409/);
});

Deno.test("a Pod is bound once", () => {
  const bed = new RegistryBed();
  bed.create("pods", {
    metadata: { name: "w" },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  const bind = (name: string) =>
    bindPod(bed.registry, bed.row("pods"), { ...REF, body: { target: { name } } });
  assert.match(refusal(() => bind("")), /^400/);
  bind("n");
  assert.equal(bed.require("pods", "w").spec?.["nodeName"], "n");
  assert.match(refusal(() => bind("m")), /^409 .*already assigned to node "n"/);
});

Deno.test("a deleted namespace goes with its last finalizer", () => {
  const bed = new RegistryBed();
  bed.create("namespaces", { metadata: { name: "w" } });
  deleteObject(bed.registry, bed.row("namespaces"), { name: "w" });
  finalizeNamespace(bed.registry, bed.row("namespaces"), { name: "w", body: { spec: {} } });
  assert.equal(bed.get("namespaces", "w"), undefined);
  assert.match(
    refusal(() => finalizeNamespace(bed.registry, bed.row("pods"), { ...REF, body: {} })),
    /^405/,
  );
});
