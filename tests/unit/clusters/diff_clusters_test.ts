import assert from "assert";
import { type Clusters, controlPlanes, diffClusters } from "../../../lib/clusters/diff_clusters.ts";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import type { KindCluster } from "../../../lib/clusters/types.ts";
import type { Container } from "../../../lib/runtime/types.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

function cluster(name: string, state: Partial<Container> = {}): KindCluster {
  const container = listedNode({ cluster: name, name: `${name}-cp`, role: "control-plane" }, state);
  const [found] = discoverClusters([container]);
  assert.ok(found);
  return found;
}

function known(...clusters: readonly KindCluster[]): Clusters {
  return new Map(clusters.map((one) => [one.name, one]));
}

Deno.test("diffClusters() tells what a listing changes", () => {
  const one = cluster("one");
  const moved = cluster("one", { networks: { kind: { ipv4: "172.18.0.9" } } });
  const again = cluster("one", { id: "other" });
  const rows = [
    ["nothing", known(one), [cluster("one")], []],
    ["added", known(), [one], [{ kind: "added", cluster: one }]],
    ["removed", known(one), [], [{ kind: "removed", cluster: one }]],
    ["changed", known(one), [moved], [{ kind: "changed", cluster: moved, before: one }]],
    ["recreated", known(one), [again], [{ kind: "recreated", cluster: again, before: one }]],
  ] as const;
  for (const [name, before, listed, expected] of rows) {
    assert.deepEqual(diffClusters(before, listed), expected, name);
  }
});

Deno.test("diffClusters() tells removals before additions", () => {
  const changes = diffClusters(known(cluster("z")), [cluster("a")]);
  assert.deepEqual(changes.map(({ kind }) => kind), ["removed", "added"]);
});

Deno.test("diffClusters() takes an HA cluster with one new control plane for the same", () => {
  const plane = (name: string) => listedNode({ name, role: "control-plane" });
  const [before] = discoverClusters([plane("a"), plane("b")]);
  const [after] = discoverClusters([plane("b"), plane("c")]);
  assert.ok(before && after);
  assert.deepEqual(diffClusters(known(before), [after]).map(({ kind }) => kind), ["changed"]);
  assert.deepEqual(controlPlanes(after), ["id-b", "id-c"]);
});
