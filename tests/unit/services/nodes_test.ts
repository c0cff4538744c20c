import assert from "assert";
import type { Node } from "../../../lib/kube/types.ts";
import { isEligible } from "../../../lib/services/nodes.ts";
import { kubeNode } from "../../fakes/kube_objects.ts";

const label = (value: string) => ({
  metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": value } },
});
const taint = (key: string) => ({ spec: { taints: [{ key, effect: "NoSchedule" }] } });

const cases: readonly (readonly [string, Parameters<typeof kubeNode>[1], boolean])[] = [
  ["a plain node", {}, true],
  ["a cordoned node", { spec: { unschedulable: true } }, true],
  ["the exclusion label without a value", label(""), false],
  ["the exclusion label `true`", label("true"), false],
  ["the exclusion label with any other value", label("please"), false],
  ["the exclusion label `false`", label("false"), true],
  ["the exclusion label `False`", label("False"), true],
  ["a node being deleted", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }, false],
  ["the autoscaler's removal taint", taint("ToBeDeletedByClusterAutoscaler"), false],
  ["a control-plane taint", taint("node-role.kubernetes.io/control-plane"), true],
  ["a cordon taint", taint("node.kubernetes.io/unschedulable"), true],
];

for (const [what, change, expected] of cases) {
  Deno.test(`isEligible() is ${expected} for ${what}`, () => {
    assert.equal(isEligible(kubeNode("a", change)), expected);
  });
}

Deno.test("isEligible() does not look at readiness", () => {
  const conditions = [{ type: "Ready", status: "False" }];
  const node: Node = { ...kubeNode("a"), status: { conditions } };
  assert.equal(isEligible(node), true);
});
