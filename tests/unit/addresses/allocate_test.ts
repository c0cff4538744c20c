import assert from "assert";
import { allocate, missingFamilies } from "../../../lib/addresses/mod.ts";

const view = {
  version: 1,
  held: [] as string[],
  free: { IPv4: ["172.18.255.7"], IPv6: ["fc00::7"] },
  pools: ["172.18.255.0-172.18.255.254"],
};

Deno.test("allocate() takes the best free address of each family", () => {
  const decision = allocate(
    { families: ["IPv6", "IPv4"], policy: "SingleStack", requested: [] },
    view,
  );
  assert.deepEqual(decision, { kind: "take", addresses: ["fc00::7", "172.18.255.7"] });
});

Deno.test("allocate() keeps what is held", () => {
  const held = { ...view, held: ["172.18.255.1"] };
  const decision = allocate({ families: ["IPv4"], policy: "SingleStack", requested: [] }, held);
  assert.deepEqual(decision, { kind: "keep", addresses: ["172.18.255.1"] });
});

Deno.test("allocate() prefers the requested address over the held one", () => {
  const held = { ...view, held: ["172.18.255.1"] };
  const decision = allocate({
    families: ["IPv4"],
    policy: "SingleStack",
    requested: ["172.18.255.9"],
  }, held);
  assert.deepEqual(decision, { kind: "take", addresses: ["172.18.255.9"] });
});

Deno.test("allocate() drops the family that is no longer wanted", () => {
  const held = { ...view, held: ["172.18.255.1", "fc00::1"] };
  const decision = allocate({ families: ["IPv6"], policy: "SingleStack", requested: [] }, held);
  assert.deepEqual(decision, { kind: "keep", addresses: ["fc00::1"] });
});

Deno.test("allocate() refuses with the pools and a remedy when nothing is free", () => {
  const full = { ...view, free: { IPv4: [], IPv6: [] } };
  const decision = allocate({ families: ["IPv4"], policy: "SingleStack", requested: [] }, full);
  assert.equal(decision.kind, "refuse");
  assert.match(decision.kind === "refuse" ? decision.message : "", /172\.18\.255\.0.*delete/);
});

Deno.test("allocate() gets by with one family where two are merely preferred", () => {
  const families = ["IPv4", "IPv6"] as const;
  const single = { ...view, free: { IPv4: ["172.18.255.7"], IPv6: [] } };
  const prefer = { families, policy: "PreferDualStack", requested: [] } as const;
  assert.deepEqual(allocate(prefer, single), { kind: "take", addresses: ["172.18.255.7"] });
  assert.deepEqual(missingFamilies(prefer, ["172.18.255.7"]), ["IPv6"]);
  assert.equal(allocate(prefer, { ...view, free: { IPv4: [], IPv6: [] } }).kind, "refuse");
});

const absent = [
  {
    families: ["IPv4", "IPv6"],
    policy: "RequireDualStack",
    message: "the network has no IPv6 subnet (pools: 172.18.255.0-172.18.255.254): " +
      "set spec.ipFamilyPolicy to PreferDualStack, or give it one",
  },
  {
    families: ["IPv6"],
    policy: "SingleStack",
    message: "the network has no IPv6 subnet (pools: 172.18.255.0-172.18.255.254): " +
      "ask for another one in spec.ipFamilies, or give it one",
  },
] as const;
for (const { families, policy, message } of absent) {
  Deno.test(`allocate() says that a family is not there at all: ${policy}`, () => {
    const single = { ...view, free: { IPv4: ["172.18.255.7"], IPv6: [] } };
    const decision = allocate({ families, policy, requested: [] }, single);
    assert.deepEqual(decision, { kind: "refuse", reason: "exhausted", message });
  });
}
