import assert from "assert";
import { clip } from "../../../lib/addresses/mod.ts";
import type { PoolDecision } from "../../../lib/addresses/types.ts";
import { AddressBed } from "../../fakes/address_bed.ts";

Deno.test("clip() keeps short texts whole and cuts long ones", () => {
  assert.equal(clip("10.0.0.0/24"), "10.0.0.0/24");
  assert.equal(clip("x".repeat(2000)), `${"x".repeat(120)}…`);
});

Deno.test("clip() leaves the remedy in the event of a Service that a vast pool refuses", () => {
  const blocks = Array.from({ length: 4096 }, (_, i) => `10.0.${i >> 8}.${i & 255}/32`).join(",");
  const bed = new AddressBed({ "cidr-global": blocks });
  const spec = { ipFamilies: ["IPv6"] } as const;
  const refused = bed.decide("default/web", { spec });
  assert.ok(refused.kind === "refuse");
  const full = new AddressBed({ "range-global": `10.0.0.1-10.0.0.1,${"junk,".repeat(1e5)}` });
  full.serve("default/one");
  for (const message of [refused, full.decide("default/two")].map(messageOf)) {
    assert.match(message, /^.{20,400}: add [^:]+ or (change the|delete a LoadBalancer) Service$/);
  }
});

function messageOf(decision: PoolDecision): string {
  return decision.kind === "refuse" ? decision.message : "";
}
