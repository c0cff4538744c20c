import assert from "assert";
import { nodeView, planRelevant } from "../../../../lib/cli/app/node_view.ts";
import type { ClusterNode } from "../../../../lib/clusters/mod.ts";
import { kubeNode } from "../../../fakes/kube_objects.ts";

const excluded = {
  metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } },
};
const known = new Map([
  ["b", kubeNode("b")],
  ["a", kubeNode("a", excluded)],
]);

function container(name: string, up = true): ClusterNode {
  return { name, container: `id-${name}`, role: "worker", up };
}

Deno.test("nodeView() joins containers and nodes by name", () => {
  const containers = [container("c"), container("b", false), container("a")];
  assert.deepEqual(nodeView(containers, known), [
    { name: "a", container: "id-a", up: true, eligible: false },
    { name: "b", container: "id-b", up: false, eligible: true },
    { name: "c", container: "id-c", up: true, eligible: false },
  ]);
});

Deno.test("nodeView() without containers takes nodes as they are", () => {
  assert.deepEqual(nodeView(undefined, known), [
    { name: "a", up: true, eligible: false },
    { name: "b", up: true, eligible: true },
  ]);
  assert.deepEqual(nodeView(undefined, new Map()), []);
  assert.deepEqual(nodeView([], known), []);
});

Deno.test("planRelevant() differs with who is there and may announce, not with who is up", () => {
  const text = (containers: readonly ClusterNode[]) => planRelevant(nodeView(containers, known));
  assert.equal(text([container("b")]), text([container("b", false)]));
  assert.notEqual(text([container("b")]), text([container("a"), container("b")]));
  const eligible = new Map([["a", kubeNode("a")]]);
  assert.notEqual(text([container("a")]), planRelevant(nodeView([container("a")], eligible)));
});
