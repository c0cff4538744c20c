import assert from "assert";
import { environment, expand, podField, referenceNames } from "./pod_fields.ts";
import type { Container, Pod } from "./types.ts";

const POD: Pod = {
  metadata: { name: "p", namespace: "n", uid: "u", labels: { app: "web" } },
  spec: { nodeName: "node1", containers: [] },
};
const PLACE = { podIPs: ["10.0.0.2", "fd00::2"], hostIPs: ["172.18.0.3"] };

Deno.test("podField() reads the fields of the downward API", () => {
  const cases = {
    "metadata.name": "p",
    "metadata.labels['app']": "web",
    "metadata.annotations['app']": "",
    "spec.nodeName": "node1",
    "status.podIPs": "10.0.0.2,fd00::2",
    "status.hostIP": "172.18.0.3",
    "spec.unknown": "",
  };
  for (const [path, value] of Object.entries(cases)) {
    assert.equal(podField(POD, PLACE, path), value, path);
  }
});

Deno.test("environment() lets single variables win over whole objects", () => {
  const container: Container = {
    name: "c",
    image: "i",
    envFrom: [{ configMapRef: { name: "all" } }],
    env: [
      { name: "A", value: "own" },
      { name: "B", value: "$(A)-$(C)" },
      { name: "D", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      { name: "E", valueFrom: { configMapKeyRef: { name: "gone", key: "k" } } },
    ],
  };
  const references = new Map([["configmaps/all", { A: "all", C: "c" }], ["secrets/s", { k: "v" }]]);
  const values = environment(container, { pod: POD, place: PLACE, references });
  assert.deepEqual(Object.fromEntries(values), { A: "own", B: "own-c", C: "c", D: "v" });
  const needed = ["configmaps/all", "secrets/s", "configmaps/gone"];
  assert.deepEqual(referenceNames(container), needed);
});

Deno.test("expand() keeps unknown names and escaped ones", () => {
  const values = new Map([["A", "1"]]);
  assert.equal(expand("$(A) $(B) $$(A) $A", values), "1 $(B) $(A) $A");
});
