import assert from "assert";
import { watchClusters } from "../../../lib/clusters/mod.ts";
import { kindNode } from "../../fakes/kind_containers.ts";
import { socketBed } from "../../fakes/socket_bed.ts";

// the watch over the real client and a socket that fails as engines do

function plane(cluster: string) {
  return kindNode({ cluster, name: `${cluster}-control-plane`, role: "control-plane" });
}

Deno.test("watchClusters() keeps what it knows through an engine restart and catches up", async () => {
  await using bed = await socketBed({});
  bed.fake.run(plane("kept"));
  bed.fake.run(plane("gone"));
  const stop = new AbortController();
  const told: string[] = [];
  for await (const change of watchClusters({ engine: bed.engine, signal: stop.signal })) {
    told.push(change.kind === "listed" ? "listed" : `${change.kind} ${change.cluster.name}`);
    if (change.kind === "listed") {
      await bed.socket.down();
      bed.fake.remove("gone-control-plane");
      bed.fake.run(plane("new"));
      bed.socket.failListings("error", "garbage");
      bed.socket.up();
    }
    if (told.includes("added new")) break;
  }
  assert.deepEqual(told, ["added gone", "added kept", "listed", "removed gone", "added new"]);
});

Deno.test("watchClusters() takes no shortened listing for the truth", async () => {
  await using bed = await socketBed({});
  for (const name of ["a", "b", "c"]) bed.fake.run(plane(name));
  bed.socket.failListings("shortened", "truncated", "reset");
  const stop = new AbortController();
  const told: string[] = [];
  for await (const change of watchClusters({ engine: bed.engine, signal: stop.signal })) {
    if (change.kind === "listed") break;
    told.push(`${change.kind} ${change.cluster.name}`);
  }
  assert.deepEqual(told, ["added a", "added b", "added c"]);
});
