import assert from "assert";
import type { JsonObject } from "../../../lib/embedded/json.ts";
import { strategicPatch } from "../../../lib/embedded/strategic_patch.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const SERVICE: JsonObject = {
  metadata: { finalizers: ["a", "b"], labels: { x: "1" } },
  spec: { ports: [{ port: 80, name: "http" }, { port: 443, name: "https" }], type: "ClusterIP" },
};

function ports(patch: readonly JsonObject[], more: JsonObject = {}) {
  return (strategicPatch(
    SERVICE,
    { spec: { ports: patch, ...more } },
    "Service",
  )["spec"] as JsonObject)["ports"];
}

Deno.test("strategicPatch() merges keyed lists and adds what is new", () => {
  assert.deepEqual(ports([{ port: 443, targetPort: 8443 }, { port: 53, name: "dns" }]), [
    { port: 80, name: "http" },
    { port: 443, name: "https", targetPort: 8443 },
    { port: 53, name: "dns" },
  ]);
});

Deno.test("strategicPatch() deletes, replaces and orders", () => {
  assert.deepEqual(ports([{ port: 80, $patch: "delete" }]), [{ port: 443, name: "https" }]);
  assert.deepEqual(ports([{ $patch: "replace" }, { port: 1 }]), [{ port: 1 }]);
  const order = { "$setElementOrder/ports": [{ port: 443 }, { port: 80 }] };
  assert.deepEqual(ports([{ port: 80, name: "h" }], order), [
    { port: 443, name: "https" },
    { port: 80, name: "h" },
  ]);
});

Deno.test("strategicPatch() treats finalizers as a set", () => {
  const patched = strategicPatch(SERVICE, {
    metadata: { finalizers: ["b", "c"], "$deleteFromPrimitiveList/finalizers": ["a"] },
  }, "Service");
  assert.deepEqual(patched["metadata"], { finalizers: ["b", "c"], labels: { x: "1" } });
});

Deno.test("strategicPatch() removes with null, replaces objects and keeps named keys", () => {
  assert.deepEqual(
    strategicPatch(SERVICE, { spec: { type: null, ports: null } }, "Service")["spec"],
    {},
  );
  assert.deepEqual(
    strategicPatch(
      SERVICE,
      { metadata: { labels: { $patch: "replace", y: "2" } } },
      "Service",
    )["metadata"],
    { finalizers: ["a", "b"], labels: { y: "2" } },
  );
  const strategy = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: {} } } };
  const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
  assert.deepEqual(strategicPatch(strategy, patch, "Deployment"), {
    spec: { strategy: { type: "Recreate" } },
  });
});

Deno.test("strategicPatch() refuses elements without key and unknown directives", () => {
  assert.match(refusal(() => ports([{ name: "x" }])), /does not contain declared merge key: port/);
  assert.match(
    refusal(() => strategicPatch(SERVICE, { spec: { $patch: "burn" } }, "Service")),
    /unknown \$patch directive "burn"/,
  );
});
