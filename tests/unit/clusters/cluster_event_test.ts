import assert from "assert";
import { judgeEvent } from "../../../lib/clusters/cluster_event.ts";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import type { EngineEvent } from "../../../lib/runtime/types.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

const [ONE] = discoverClusters([
  listedNode({ name: "cp", role: "control-plane" }),
  listedNode({ name: "w", networks: { kind: { ipv4: "172.18.0.3" } } }),
]);
const KNOWN = new Map(ONE ? [["one", ONE]] : []);

type Action = "create" | "start" | "die" | "destroy";

function containerEvent(action: Action, id: string, labels = {}): EngineEvent {
  return { kind: "container", action, id, name: id, labels };
}

const MEMBER = { "io.x-k8s.kind.cluster": "two", "io.x-k8s.kind.role": "worker" };

Deno.test("judgeEvent() decides whether to list, and when", () => {
  const rows: readonly [EngineEvent, "now" | "soon" | "no"][] = [
    [{ kind: "resync" }, "now"],
    [containerEvent("start", "id-w"), "now"],
    [containerEvent("start", "new", MEMBER), "now"],
    [containerEvent("create", "new", MEMBER), "soon"],
    [containerEvent("die", "new", MEMBER), "soon"],
    [containerEvent("destroy", "id-w"), "soon"],
    [containerEvent("start", "foreign"), "no"],
    [containerEvent("die", "foreign"), "no"],
    [{ kind: "network", action: "connect", network: "kind", container: "id-w" }, "soon"],
    [{ kind: "network", action: "connect", network: "kind", container: "foreign" }, "no"],
  ];
  for (const [event, expected] of rows) {
    assert.equal(judgeEvent(KNOWN, event).list, expected, JSON.stringify(event));
  }
});

Deno.test("judgeEvent() tells a node's death at once, without its addresses", () => {
  for (const action of ["die", "destroy"] as const) {
    const [change, ...rest] = judgeEvent(KNOWN, containerEvent(action, "id-w")).changes;
    assert.ok(change?.kind === "changed");
    assert.deepEqual(rest, []);
    assert.equal(change.before, ONE);
    assert.deepEqual(change.cluster.nodes[1], {
      name: "w",
      container: "id-w",
      role: "worker",
      up: false,
    });
    assert.equal(change.cluster.nodes[0]?.up, true);
    assert.equal(change.cluster.api.up, true);
  }
});

Deno.test("judgeEvent() tells that the API's container died", () => {
  const [change] = judgeEvent(KNOWN, containerEvent("die", "id-cp")).changes;
  assert.ok(change?.kind === "changed");
  assert.equal(change.cluster.api.up, false);
});

Deno.test("judgeEvent() tells a death once", () => {
  const [change] = judgeEvent(KNOWN, containerEvent("die", "id-w")).changes;
  assert.ok(change?.kind === "changed");
  const after = new Map([["one", change.cluster]]);
  assert.deepEqual(judgeEvent(after, containerEvent("destroy", "id-w")).changes, []);
});
