import assert from "assert";
import { AddressBed, type ServiceWish } from "../../fakes/address_bed.ts";

const given = "kube-vip.io/loadbalancerIPs";
const single = { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" } as const;
const dual = { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" } as const;
const both = { "cidr-global": "10.0.0.0/24,fd00::/64" };

function asks(text: string, spec: ServiceWish["spec"] = {}): ServiceWish {
  return { annotations: { [given]: text }, spec };
}

for (
  const [text, words] of [
    ["255.255.255.255", "the broadcast address"],
    ["224.0.0.1", "a multicast address"],
    ["169.254.1.1", "a link-local address"],
    ["127.0.0.1", "a loopback address"],
    ["fe80::1", "a link-local address"],
    ["10.0.0.5,ff02::1", "a multicast address"],
  ] as const
) {
  Deno.test(`uselessWish() refuses ${text} unless a Service has it or a pool offers it`, () => {
    const bed = new AddressBed(both);
    const bad = text.split(",").at(-1);
    const message = `annotation ${given}: ${bad} is ${words}, which no client elsewhere reaches: `;
    assert.equal(bed.serve("a/a", asks(text)), `invalid: ${message}ask for another one`);
    bed.configure({ "range-global": `10.0.0.1-10.0.0.9,${bad}-${bad}` });
    const decision = bed.decide("a/a", asks(text));
    assert.ok(decision.kind === "take");
    assert.deepEqual(decision.warnings, [`${message}ask for another one`]);
    bed.serve("a/a", asks(text));
    bed.configure(both);
    assert.equal(bed.serve("a/a", asks(text)), text);
  });
}

Deno.test("uselessWish() refuses an address of another family than the Service has", () => {
  const bed = new AddressBed(both);
  const spec = { ...single, loadBalancerIP: "fd00::9" };
  const message = "spec.loadBalancerIP asks for fd00::9, but spec.ipFamilies is IPv4: " +
    "ask for an address of that family or change the Service";
  assert.equal(bed.serve("a/a", { spec }), `invalid: ${message}`);
  assert.ok(bed.ledger.restore("a/a", "fd00::9", { ports: ["TCP/80"], sharingKey: "" }));
  const kept = bed.decide("a/a", { spec });
  assert.ok(kept.kind === "keep");
  assert.deepEqual(kept.warnings, [message]);
});

Deno.test("uselessWish() warns of one of another family beside one that works", () => {
  const decision = new AddressBed(both).decide("a/a", asks("10.0.0.5,fd00::9", single));
  assert.ok(decision.kind === "take");
  assert.deepEqual(decision.addresses, ["10.0.0.5", "fd00::9"]);
  assert.match(decision.warnings.join(), /asks for fd00::9, but spec\.ipFamilies is IPv4: ask/);
});

Deno.test("uselessWish() warns who requires two families and names one", () => {
  const bed = new AddressBed(both);
  const one = bed.decide("a/a", { spec: { ...dual, loadBalancerIP: "10.0.0.5" } });
  assert.ok(one.kind === "take");
  assert.deepEqual(one.addresses, ["10.0.0.5"]);
  assert.match(
    one.warnings.join(),
    /^spec\.ipFamilyPolicy is RequireDualStack, but spec\.loadBalancerIP asks for IPv4 alone: name/,
  );
});

for (
  const [what, wish] of [
    ["DHCP of another family", asks("::", single)],
    ["a host name", asks("web.example.org", dual)],
    ["one of each family", asks("10.0.0.5,fd00::9", dual)],
    ["two families where one is enough", asks("10.0.0.5,fd00::9")],
    [
      "one family where two would do",
      asks("fd00::9", { ...dual, ipFamilyPolicy: "PreferDualStack" }),
    ],
  ] as const
) {
  Deno.test(`uselessWish() has nothing against ${what}`, () => {
    const decision = new AddressBed(both).decide("a/a", wish);
    assert.ok(decision.kind === "take");
    assert.deepEqual(decision.warnings, []);
  });
}
