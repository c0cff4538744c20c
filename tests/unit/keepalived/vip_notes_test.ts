import assert from "assert";
import { failureNote, releaseNotes, vipNotes } from "../../../lib/keepalived/vip_notes.ts";
import type { VipOutcome } from "../../../lib/keepalived/types.ts";
import { vipService } from "../../fakes/vip_world.ts";

const cases: readonly {
  readonly row: string;
  readonly outcome: Omit<VipOutcome, "service">;
  readonly reasons: readonly string[];
}[] = [
  {
    row: "KCP-event-created",
    outcome: { change: "created", address: "10.0.0.1" },
    reasons: ["CreatingLoadBalancer", "CreatedLoadBalancer"],
  },
  {
    row: "KCP-event-failed",
    outcome: { change: "none", problem: "no address is left" },
    reasons: ["CreatingLoadBalancerFailed"],
  },
  {
    row: "KCP-event-moved",
    outcome: { change: "moved", address: "10.0.0.2" },
    reasons: ["UpdatedLoadBalancer"],
  },
  {
    row: "KCP-event-method",
    outcome: { change: "method", address: "10.0.0.2" },
    reasons: ["UpdatedLoadBalancer"],
  },
  {
    row: "KCP-event-update-failed",
    outcome: { change: "none", address: "10.0.0.2", problem: "taken" },
    reasons: ["LoadBalancerUpdateFailed"],
  },
  {
    row: "KCP-event-warning",
    outcome: { change: "created", address: "10.0.0.2", warning: "bad method" },
    reasons: ["CreatingLoadBalancer", "CreatedLoadBalancer", "InvalidForwardMethod"],
  },
  { row: "KCP-event-none", outcome: { change: "none", address: "10.0.0.2" }, reasons: [] },
];

for (const { row, outcome, reasons } of cases) {
  Deno.test(`${row}: vipNotes() gives ${reasons.join(", ") || "nothing"}`, () => {
    const notes = vipNotes({ service: vipService("a"), ...outcome });
    assert.deepEqual(notes.map(({ reason }) => reason), reasons);
    for (const { type, reason, message } of notes) {
      assert.equal(type, /Failed|Invalid/.test(reason) ? "Warning" : "Normal");
      if (outcome.address !== undefined && type === "Normal") {
        assert.ok(message.includes(outcome.address));
      }
    }
  });
}

Deno.test("vipNotes() says that an address is kept", () => {
  const outcome = { change: "none" as const, address: "10.0.0.2", problem: "taken" };
  const [note] = vipNotes({ service: vipService("a"), ...outcome });
  assert.equal(note?.message, "taken (the Service keeps 10.0.0.2)");
});

Deno.test("KCP-event-deleted: releaseNotes() names the address in both", () => {
  const notes = releaseNotes("10.0.0.1");
  assert.deepEqual(notes.map(({ reason }) => reason), [
    "DeletingLoadBalancer",
    "DeletedLoadBalancer",
  ]);
  for (const { message } of notes) assert.match(message, /10\.0\.0\.1/);
});

Deno.test("failureNote() has the reason of what was tried", () => {
  assert.equal(failureNote("forbidden", true).reason, "CreatingLoadBalancerFailed");
  assert.equal(failureNote("forbidden", false).reason, "LoadBalancerUpdateFailed");
  assert.match(failureNote("forbidden", true).message, /VIP ConfigMap was not written: forbidden/);
});
