import assert from "assert";
import {
  conflictNote,
  grantNotes,
  problemNote,
  problemNotes,
  refusalNotes,
  releaseNotes,
  writeFailureNote,
} from "../../../lib/ipam/notes.ts";

const grant = {
  addresses: ["10.0.0.1", "fd00::1"],
  pool: "cidr-global",
  reason: "lowest free address of cidr-global",
  interface: undefined,
  shared: false,
  use: { ports: [], sharingKey: "" },
  warnings: ["address 10.0.0.1 lies outside every pool now"],
};

Deno.test("grantNotes() are the peer's reasons, with addresses and rule", () => {
  const notes = grantNotes(grant, true);
  assert.deepEqual(notes.map(({ reason }) => reason), [
    "EnsuringLoadBalancer",
    "EnsuredLoadBalancer",
    "LoadBalancerAddress",
  ]);
  assert.equal(
    notes[1]?.message,
    "Ensured load balancer with 10.0.0.1, fd00::1: lowest free address of cidr-global",
  );
});

Deno.test("grantNotes() of what was not written are its warnings", () => {
  assert.deepEqual(grantNotes(grant, false).map(({ type }) => type), ["Warning"]);
});

Deno.test("the other notes carry what happened", () => {
  const problem = { severity: "error", key: "cidr-x", value: "y", message: "cidr-x: y" } as const;
  const notes = [
    ...refusalNotes("the pool is full"),
    writeFailureNote("403"),
    conflictNote("10.0.0.1 belongs to a"),
    problemNote(problem),
    problemNote({ ...problem, severity: "warning" }),
    ...releaseNotes(["10.0.0.1"]),
  ];
  assert.deepEqual(notes.map(({ reason, message }) => `${reason}: ${message}`), [
    "SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: " +
    "the pool is full",
    "SyncLoadBalancerFailed: Error syncing load balancer: 403",
    "AddressConflict: 10.0.0.1 belongs to a; until then both keep what they have",
    "InvalidPool: cidr-x: y",
    "QuestionablePool: cidr-x: y",
    "DeletingLoadBalancer: Deleting load balancer",
    "DeletedLoadBalancer: Deleted load balancer: 10.0.0.1 may be given again",
  ]);
});

Deno.test("problemNotes() tells errors first, and counts what is too much for events", () => {
  const problem = (severity: "error" | "warning", message: string) =>
    ({ severity, key: "cidr-a", value: "x", message }) as const;
  const warnings = Array.from({ length: 30 }, (_, i) => problem("warning", `odd ${i}`));
  const notes = problemNotes([...warnings, problem("error", "bad")]);
  assert.deepEqual([notes.length, notes[0]?.message], [21, "bad"]);
  assert.match(notes[20]?.message ?? "", /^11 more things are wrong: see `berth pools`/);
  assert.equal(problemNotes(warnings.slice(0, 20)).length, 20);
});
