import assert from "assert";
import { asObject, at, type JsonObject } from "../../../lib/embedded/json.ts";
import { updateObject } from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const LABELS = { app: "web" };
const SPEC = {
  selector: { matchLabels: LABELS },
  template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "c", image: "x" }] } },
};

function create(plural: string, spec: JsonObject) {
  return new RegistryBed().create(plural, { metadata: { name: "w" }, spec });
}

Deno.test("a Deployment gets one replica and a rolling update", () => {
  const { spec, status } = create("deployments", SPEC);
  assert.equal(spec?.["replicas"], 1);
  assert.deepEqual(spec?.["strategy"], {
    type: "RollingUpdate",
    rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" },
  });
  assert.equal(at(spec, "template", "spec", "restartPolicy"), "Always");
  assert.deepEqual(status, {});
});

Deno.test("a Deployment keeps strategy Recreate free of rolling numbers", () => {
  const { spec } = create("deployments", { ...SPEC, strategy: { type: "Recreate" } });
  assert.deepEqual(spec?.["strategy"], { type: "Recreate" });
});

Deno.test("a ReplicaSet starts with no replicas in its status", () => {
  assert.deepEqual(create("replicasets", { ...SPEC, replicas: 3 }).status, { replicas: 0 });
});

const WRONG: readonly (readonly [string, JsonObject])[] = [
  ["spec.replicas", { ...SPEC, replicas: -1 }],
  ["spec.selector", { ...SPEC, selector: {} }],
  ["spec.template.metadata.labels", { ...SPEC, selector: { matchLabels: { app: "other" } } }],
  ["spec.template.spec.containers", { ...SPEC, template: { metadata: { labels: LABELS } } }],
];

for (const [field, spec] of WRONG) {
  Deno.test(`a workload with a bad ${field} is refused`, () => {
    for (const plural of ["deployments", "replicasets"]) {
      assert.match(refusal(() => create(plural, spec)), new RegExp(`^422 .*${field}`));
    }
  });
}

Deno.test("the selector cannot change", () => {
  const bed = new RegistryBed();
  bed.create("deployments", { metadata: { name: "w" }, spec: SPEC });
  const labels = { ...LABELS, more: "x" };
  const move = () =>
    updateObject(bed.registry, bed.row("deployments"), {
      namespace: "default",
      name: "w",
      change: (old) => ({
        ...old,
        spec: {
          ...old.spec,
          selector: { matchLabels: labels },
          template: { ...asObject(at(old.spec, "template")), metadata: { labels } },
        },
      }),
    });
  assert.match(refusal(move), /spec.selector: Invalid value: .*field is immutable/);
});
