import assert from "assert";
import type { JsonObject } from "../../../lib/embedded/json.ts";
import { podStrategy } from "../../../lib/embedded/pod_strategy.ts";
import { updateObject } from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const CONTAINER = { name: "c", image: "x:1" };

function bed(spec: JsonObject = {}): RegistryBed {
  const made = new RegistryBed();
  made.create("pods", { metadata: { name: "p" }, spec: { containers: [CONTAINER], ...spec } });
  return made;
}

function change(on: RegistryBed, spec: JsonObject) {
  return updateObject(on.registry, on.row("pods"), {
    namespace: "default",
    name: "p",
    change: (old) => ({ ...old, spec: { ...old.spec, ...spec } }),
  });
}

Deno.test("a Pod starts Pending with a service account", () => {
  const pod = bed().require("pods", "p");
  assert.deepEqual(pod.status, { phase: "Pending", qosClass: "BestEffort" });
  assert.equal(pod.spec?.["serviceAccountName"], "default");
});

Deno.test.each(
  [
    [{}, "BestEffort"],
    [{ requests: { cpu: "1" } }, "Burstable"],
    [{ limits: { cpu: "1" }, requests: { cpu: "1" } }, "Guaranteed"],
  ] as const,
)("resources $0 make quality $1", (resources, expected) => {
  const pod = bed({ containers: [{ ...CONTAINER, resources }] }).require("pods", "p");
  assert.equal(pod.status?.["qosClass"], expected);
});

Deno.test("only image, deadline, tolerations and an empty node may change", () => {
  const pod = bed();
  assert.equal(
    change(pod, { containers: [{ ...CONTAINER, image: "y:1" }] }).metadata.generation,
    2,
  );
  assert.equal(change(pod, { nodeName: "n" }).spec?.["nodeName"], "n");
  assert.match(
    refusal(() => change(pod, { nodeName: "m" })),
    /^422 .*pod updates may not change fields/,
  );
  assert.match(
    refusal(() => change(pod, { restartPolicy: "Never" })),
    /pod updates may not change fields/,
  );
  assert.match(
    refusal(() =>
      podStrategy.create?.({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }, {
        now: () => 0,
      })
    ),
    /spec.containers: Required/,
  );
});
