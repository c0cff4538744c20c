import assert from "assert";
import { placeListener } from "../../../../lib/planes/kernel/placement.ts";
import type { NodeFacts } from "../../../../lib/planes/kernel/types.ts";
import { nodeFacts } from "../../../fakes/node_facts.ts";
import { endpointAt, listenerWith } from "../../../fakes/specs.ts";

const ENDPOINTS = [
  endpointAt("10.0.0.1", "a"),
  endpointAt("10.0.0.2", "b"),
  endpointAt("10.9.9.9"),
];

function place(input: Partial<Parameters<typeof placeListener>[0]> = {}, down = "") {
  const nodes = new Map<string, NodeFacts>(["a", "b", "c"].map((name, at) => {
    const health = name === down ? "down" as const : "ready" as const;
    return [name, nodeFacts(name, { number: at + 2, health })];
  }));
  return placeListener({
    id: "web",
    listener: listenerWith({ endpoints: ENDPOINTS }),
    before: undefined,
    recovered: undefined,
    nodes,
    now: 0,
    ...input,
  });
}

Deno.test("placeListener() leaves out endpoints of dead nodes alone", () => {
  const owners = (down: string) => [...new Set(place({}, down).slots)].sort();
  assert.deepEqual(owners(""), ["10.0.0.1 . 8080", "10.0.0.2 . 8080", "10.9.9.9 . 8080"]);
  assert.deepEqual(owners("b"), ["10.0.0.1 . 8080", "10.9.9.9 . 8080"]);
});

Deno.test("placeListener() takes up the slots of an earlier life", () => {
  const slots = ["10.0.0.2 . 8080", "10.0.0.1 . 8080"];
  const listener = listenerWith({ endpoints: ENDPOINTS.slice(0, 2) });
  const placed = place({ listener, recovered: { slots, moved: new Map() } });
  assert.deepEqual(placed.slots.slice(0, 8), Array(8).fill("10.0.0.2 . 8080"));
  assert.equal(placed.moved.slots.size, 0);
});

Deno.test("placeListener() takes up moved slots of an earlier life by their node's address", () => {
  const listener = listenerWith({ endpoints: ENDPOINTS.slice(0, 1) });
  const slots = Array(8).fill("10.0.0.1 . 8080");
  const moved = new Map([[1, "172.18.0.4"], [2, "172.18.0.2"], [3, "172.18.9.9"]]);
  const placed = place({ listener, recovered: { slots, moved } });
  assert.deepEqual([...placed.moved.slots], [[1, "c"]]);
});

Deno.test("placeListener() keeps old flows of TCP where they are, and only those", () => {
  const one = { endpoints: ENDPOINTS.slice(0, 1) };
  for (const [protocol, count] of [["TCP", 8], ["UDP", 0], ["SCTP", 0]] as const) {
    const before = place({ listener: listenerWith({ ...one, protocol }) });
    const endpoints = ENDPOINTS.slice(0, 2);
    const after = place({ listener: listenerWith({ endpoints, protocol }), before });
    assert.equal(after.moved.slots.size, count, protocol);
  }
});
