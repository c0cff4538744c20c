import assert from "assert";
import { no, stamp, yes } from "../../../lib/gateway/conditions.ts";

const before = [{
  type: "Foreign",
  status: "True" as const,
  reason: "X",
  message: "",
  lastTransitionTime: "2020-01-01T00:00:00Z",
}, {
  type: "Accepted",
  status: "True" as const,
  reason: "Accepted",
  message: "",
  lastTransitionTime: "2020-01-01T00:00:00Z",
  observedGeneration: 1,
}];
const options = { before, generation: 2, now: "2026-01-01T00:00:00Z" };

Deno.test("stamp() keeps the transition time while the status stays", () => {
  const [foreign, accepted] = stamp([yes("Accepted", "ListenersNotValid", "m")], options);
  assert.deepEqual(foreign, before[0]);
  assert.deepEqual(accepted, {
    type: "Accepted",
    status: "True",
    reason: "ListenersNotValid",
    message: "m",
    observedGeneration: 2,
    lastTransitionTime: "2020-01-01T00:00:00Z",
  });
});

Deno.test("stamp() cuts messages that the API would refuse", () => {
  const [, accepted] = stamp([no("Accepted", "Invalid", "x".repeat(99_999))], options);
  assert.equal(accepted?.message.length, 4097);
});

Deno.test("stamp() moves the transition time with the status", () => {
  const [, accepted] = stamp([no("Accepted", "Invalid")], options);
  assert.equal(accepted?.lastTransitionTime, "2026-01-01T00:00:00Z");
});

Deno.test("stamp() drops conditions that come and go, when no finding names them", () => {
  const conditions = stamp([], { ...options, drop: ["Accepted"] });
  assert.deepEqual(conditions.map(({ type }) => type), ["Foreign"]);
});
