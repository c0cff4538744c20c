import assert from "assert";
import { checkSpec } from "../../../../lib/planes/kernel/check_spec.ts";
import { endpointAt, listenerWith, specWith } from "../../../fakes/specs.ts";

Deno.test("checkSpec() makes addresses and ranges canonical", () => {
  const listener = listenerWith({
    address: "FC00:0::1",
    family: "IPv6",
    sourceRanges: ["FC00:1::7/64"],
    endpoints: [endpointAt("FD00:0::2", "a")],
  });
  const checked = checkSpec(specWith({ addresses: ["FC00:0::1"], listeners: [listener] }));
  assert.deepEqual(checked.addresses, ["fc00::1"]);
  assert.equal(checked.listeners[0]?.address, "fc00::1");
  assert.deepEqual(checked.listeners[0]?.sourceRanges, ["fc00:1::/64"]);
  assert.equal(checked.listeners[0]?.endpoints[0]?.address, "fd00::2");
});

Deno.test("checkSpec() lets nothing through that nftables could misread", () => {
  const bad = [
    specWith({ addresses: ["1.2.3.4; flush ruleset"] }),
    specWith({ listeners: [listenerWith({ address: "1.2.3.4 }" })] }),
    specWith({ listeners: [listenerWith({ sourceRanges: ["0.0.0.0/0 } accept"] })] }),
    specWith({ listeners: [listenerWith({ port: 0 })] }),
    specWith({ listeners: [listenerWith({ port: 1.5 })] }),
    specWith({ listeners: [listenerWith({ endpoints: [endpointAt("pod", "a")] })] }),
    specWith({ key: "kind/default/web { }" }),
  ];
  for (const spec of bad) {
    assert.throws(() => checkSpec(spec), { kind: "invalid" }, JSON.stringify(spec));
  }
});
