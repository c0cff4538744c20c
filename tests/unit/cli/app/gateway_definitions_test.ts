import assert from "assert";
import {
  definitionActions,
  usableVersion,
  versionProblem,
} from "../../../../lib/cli/app/gateway_definitions.ts";
import { crdBundle } from "../../../../lib/gateway/mod.ts";
import type { KubeObject } from "../../../../lib/kube/types.ts";

const prefix = "gateway.networking.k8s.io";
const name = `gateways.${prefix}`;
const bundle = (await crdBundle("standard")).filter(({ metadata }) => metadata.name === name);
const ours = { "app.kubernetes.io/managed-by": "berth" };

function definition(version: string, channel: string, labels = {}): KubeObject {
  const annotations = { [`${prefix}/bundle-version`]: version, [`${prefix}/channel`]: channel };
  return { metadata: { name, uid: "", resourceVersion: "", annotations, labels } };
}

for (
  const [title, there, expected] of [
    ["absent ones", undefined, ["create"]],
    ["our older ones", definition("v1.5.0", "standard", ours), ["update"]],
    ["our equal ones", definition("v1.6.3", "standard", ours), []],
    ["our newer ones", definition("v1.10.0", "standard", ours), []],
    ["our wider ones of the same release", definition("v1.6.3", "experimental", ours), []],
    ["older ones of others", definition("v1.2.0", "standard"), []],
    ["those without a version", { metadata: { name, uid: "", resourceVersion: "" } }, []],
  ] as const
) {
  Deno.test(`definitionActions() for ${title}: ${expected.join() || "nothing"}`, () => {
    const present = new Map(there === undefined ? [] : [[name, there]]);
    const actions = definitionActions(bundle, present);
    assert.deepEqual(actions.map(({ kind }) => kind), expected);
    for (const action of actions) {
      assert.deepEqual(action.definition.metadata.labels, ours);
    }
  });
}

Deno.test("definitionActions() widens our own definitions of the same release", async () => {
  const experimental = (await crdBundle("experimental"))
    .filter(({ metadata }) => metadata.name === name);
  const present = new Map([[name, definition("v1.6.3", "standard", ours)]]);
  assert.deepEqual(definitionActions(experimental, present).map(({ kind }) => kind), ["update"]);
});

Deno.test("usableVersion() waits until the definition is established", () => {
  const spec = { versions: [{ name: "v1beta1", served: true }, { name: "v1", served: false }] };
  assert.equal(usableVersion({ spec }), undefined);
  const status = { conditions: [{ type: "Established", status: "True" }] };
  assert.equal(usableVersion({ spec, status }), "v1beta1");
});

Deno.test("versionProblem() takes any v1 release", () => {
  assert.equal(versionProblem(undefined), undefined);
  assert.equal(versionProblem(definition("v1.1.0", "standard")), undefined);
  assert.match(versionProblem(definition("v0.8.1", "standard")) ?? "", /v0\.8\.1/);
});
