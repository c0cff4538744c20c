import assert from "assert";
import { listenerId, planListeners } from "../../../../lib/planes/embedded/listener_plan.ts";
import type { Listener, Protocol } from "../../../../lib/proxy/types.ts";

function listener(protocol: Protocol, port: number, address = "127.0.0.1"): Listener {
  return {
    ...{ address, family: address.includes(":") ? "IPv6" : "IPv4", protocol, port },
    ...{ sourceRanges: [], closed: false, affinity: "none", endpoints: [] },
  };
}

function plan(listeners: readonly Listener[], holders: Readonly<Record<string, string>> = {}) {
  const spec = { key: "me", addresses: [], listeners, announcers: [] };
  return planListeners(spec, {
    holder: (id) => holders[id],
    ofKey: (key) => Object.keys(holders).filter((id) => holders[id] === key),
  });
}

Deno.test("listenerId() names protocol, address and port", () => {
  assert.equal(listenerId(listener("TCP", 80)), "TCP 127.0.0.1:80");
  assert.equal(listenerId(listener("UDP", 53, "fd00::1")), "UDP [fd00::1]:53");
});

Deno.test("planListeners() opens, updates and closes by what is held", () => {
  const [fresh, known] = [listener("TCP", 80), listener("UDP", 80)];
  const { open, update, close, conflicts } = plan([fresh, known], {
    "UDP 127.0.0.1:80": "me",
    "TCP 127.0.0.1:81": "me",
    "TCP 127.0.0.1:82": "you",
  });
  assert.deepEqual({ open, update, close, conflicts }, {
    ...{ open: [fresh], update: [known], close: ["TCP 127.0.0.1:81"], conflicts: [] },
  });
});

Deno.test("planListeners() names who holds a listener already", () => {
  const { open, conflicts } = plan([listener("TCP", 80)], { "TCP 127.0.0.1:80": "you" });
  assert.deepEqual(open, []);
  assert.deepEqual(conflicts, ["TCP 127.0.0.1:80 (held by you)"]);
});

Deno.test("planListeners() warns of SCTP and leaves it out", () => {
  const { open, warnings } = plan([listener("SCTP", 9)]);
  assert.deepEqual(open, []);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /SCTP 127\.0\.0\.1:9 is not served: .* choose the kernel plane/);
});
