import assert from "assert";
import { sharingConflict } from "../../../lib/addresses/mod.ts";

const cases = [
  { name: "no key", a: "", b: "", ports: ["TCP/81"], reason: "in-use" },
  { name: "other key", a: "x", b: "y", ports: ["TCP/81"], reason: "in-use" },
  { name: "same key and port", a: "x", b: "x", ports: ["TCP/80"], reason: "port-conflict" },
  { name: "same key, other port", a: "x", b: "x", ports: ["TCP/81"], reason: undefined },
  { name: "same key, other protocol", a: "x", b: "x", ports: ["UDP/80"], reason: undefined },
];
for (const { name, a, b, ports, reason } of cases) {
  Deno.test(`sharingConflict() with ${name}`, () => {
    const conflict = sharingConflict({ ports: ["TCP/80"], sharingKey: a }, {
      ports,
      sharingKey: b,
    });
    assert.equal(conflict?.reason, reason);
  });
}
