import assert from "assert";
import { sharingConflict } from "../../../lib/addresses/mod.ts";
import { conflictMessage } from "../../../lib/addresses/sharing.ts";

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

Deno.test("sharingConflict() asks for what makes two Services share: key, policy and selector", () => {
  const [a, b] = ["x", "x for app=web"].map((sharingKey) => ({ ports: ["TCP/80"], sharingKey }));
  assert.ok(a && b);
  assert.match(
    sharingConflict(a, b)?.remedy ?? "",
    /same berth\.dev\/allow-shared-ip on both \(and the same externalTrafficPolicy; .*selector/,
  );
});

Deno.test("sharingConflict() keeps an address on one plane", () => {
  const kernel = { ports: ["TCP/80"], sharingKey: "x", plane: "kernel" };
  const other = { ports: ["TCP/81"], sharingKey: "x" };
  assert.match(
    sharingConflict(kernel, { ...other, plane: "envoy" })?.remedy ?? "",
    /^planes kernel and envoy cannot share it: give both the same berth\.dev\/plane/,
  );
  assert.equal(sharingConflict(kernel, { ...other, plane: "kernel" }), undefined);
  assert.equal(sharingConflict(kernel, other), undefined);
});

Deno.test("sharingConflict() lets ours and those of others share no address, and others as before", () => {
  const ours = { ports: ["TCP/80"], sharingKey: "x" };
  const theirs = { ports: ["TCP/81"], sharingKey: "x", foreign: true } as const;
  assert.match(sharingConflict(ours, theirs)?.remedy ?? "", /^another controller/);
  assert.equal(sharingConflict({ ...ours, foreign: true }, theirs), undefined);
});

const conflict = { reason: "in-use", remedy: "share it" } as const;
for (
  const [holder, asker, words] of [
    ["c/gateway/default/split", "c/ns/web", "Gateway default/split: ask for another one"],
    ["c/ingress", "c/ns/web", "the Ingresses of c: ask for another one"],
    ["c/ns/web", "c/gateway/default/split", "Service c/ns/web: ask for another one"],
    ["c/ns/web", "c/ingress", "Service c/ns/web: ask for another one"],
    ["c/ns/web", "c/ns/other", "Service c/ns/web: share it"],
    ["c/gateway/web", "c/ns/other", "Service c/gateway/web: share it"],
    ["ns/ingress", "ns/other", "Service ns/ingress: share it"],
  ] as const
) {
  Deno.test(`conflictMessage() names ${holder} to ${asker}`, () => {
    const message = conflictMessage("10.0.0.1", { holder, asker, conflict });
    assert.equal(message, `address 10.0.0.1 belongs to ${words}`);
  });
}
