import assert from "assert";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import { clusterIdentity } from "../../../lib/clusters/identity.ts";
import type { KindCluster } from "../../../lib/clusters/types.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

function cluster(...planes: readonly string[]): KindCluster {
  const [found] = discoverClusters([
    ...planes.map((name) => listedNode({ name, role: "control-plane" })),
    listedNode({ name: "w" }),
  ]);
  assert.ok(found);
  return found;
}

Deno.test("clusterIdentity() is the same for the same CA and control planes", async () => {
  const identity = await clusterIdentity(cluster("a", "b"), "CA\n");
  assert.match(identity, /^[0-9a-f]{32}$/);
  assert.equal(await clusterIdentity(cluster("b", "a"), "CA"), identity);
});

Deno.test("clusterIdentity() differs with the CA and with the control planes", async () => {
  const identity = await clusterIdentity(cluster("a"), "CA");
  assert.notEqual(await clusterIdentity(cluster("a"), "other CA"), identity);
  assert.notEqual(await clusterIdentity(cluster("c"), "CA"), identity);
});
