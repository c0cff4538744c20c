import assert from "assert";
import { NOTHING_MOVED } from "../../../../lib/planes/kernel/moved_slots.ts";
import { commonValue, slotHash, slotMap } from "../../../../lib/planes/kernel/rule_text.ts";
import { listenerWith } from "../../../fakes/specs.ts";

const PLACED = {
  id: "web",
  listener: listenerWith(),
  slots: ["p1", "p2"],
  nodes: new Map<string, string>(),
  moved: NOTHING_MOVED,
};

Deno.test("slotHash() hashes source and port, or the source alone for affinity", () => {
  const slots = ["p1", "p2"];
  assert.equal(
    slotHash(listenerWith(), slots),
    "jhash ip saddr . tcp sport mod 2 seed 0xbe57",
  );
  const six = listenerWith({ family: "IPv6", protocol: "UDP" });
  assert.equal(slotHash(six, slots), "jhash ip6 saddr . udp sport mod 2 seed 0xbe57");
  const bound = listenerWith({ affinity: "client-ip" });
  assert.equal(slotHash(bound, slots), "jhash ip saddr mod 2 seed 0xbe57");
});

Deno.test("slotMap() looks up only the slots it is given", () => {
  assert.equal(
    slotMap(PLACED, new Map([[1, "172.18.0.3"]])),
    "jhash ip saddr . tcp sport mod 2 seed 0xbe57 map { 1 : 172.18.0.3 }",
  );
});

Deno.test("commonValue() is what all slots have, while none is moved", () => {
  const both = new Map([[0, "x"], [1, "x"]]);
  assert.equal(commonValue(PLACED, both), "x");
  assert.equal(commonValue(PLACED, new Map([[0, "x"]])), undefined);
  assert.equal(commonValue(PLACED, new Map([[0, "x"], [1, "y"]])), undefined);
  const moved = { slots: new Map([[0, "a"]]), until: 1 };
  assert.equal(commonValue({ ...PLACED, moved }, both), undefined);
});
