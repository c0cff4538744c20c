import assert from "assert";
import type { Ledger } from "../../../lib/addresses/mod.ts";
import type { AddressView, JobNode } from "../../../lib/dispatch/types.ts";
import type { Proposal } from "../../../lib/services/mod.ts";
import { agreeOnAddresses, familiesOf } from "../../../workers/proxy_addresses.ts";
import { ledgerOf } from "../../fakes/controller_bed.ts";

const key = "one/gateway/ns/gw";

function node(...podCidrs: readonly string[]): JobNode {
  return { name: "a", up: true, eligible: true, podCidrs };
}

interface Situation {
  readonly nodes: readonly JobNode[];
  readonly view: AddressView;
}

type Entries = readonly { readonly type?: string; readonly value?: string }[];

function agree(
  ledger: Ledger,
  entries: Entries = [],
  { nodes = [node("10.244.0.0/24")], view = ledger.view(key) }: Partial<Situation> = {},
) {
  const empty = { backends: [], certificates: [], authorities: [] };
  const port = { protocol: "TCP", port: 80, sourceRanges: [], chains: [] } as const;
  return agreeOnAddresses({
    job: { key, view },
    spec: { key, addresses: [], ports: [port], ...empty },
    commit: ({ key, addresses, use }: Proposal) =>
      Promise.resolve({ result: ledger.commit(key, addresses, use), view: ledger.view(key) }),
    ...{ entries, nodes },
  });
}

for (
  const [cidrs, families] of [
    [[], ["IPv4"]],
    [["10.244.0.0/24"], ["IPv4"]],
    [["fd00::/64"], ["IPv6"]],
    [["fd00::/64", "10.244.0.0/24"], ["IPv4", "IPv6"]],
  ] as const
) {
  Deno.test(`familiesOf() nodes with ${cidrs.join(" and ") || "no Pods"}: ${families}`, () => {
    assert.deepEqual(familiesOf([node(...cidrs)]), families);
  });
}

Deno.test("agreeOnAddresses() takes a free address and keeps it", async () => {
  const ledger = ledgerOf("172.18.0.0/24");
  const { addresses, unusable } = await agree(ledger);
  assert.equal(addresses.length, 1);
  assert.deepEqual(unusable, {});
  assert.deepEqual(ledger.held(key), addresses);
  assert.deepEqual((await agree(ledger)).addresses, addresses);
});

Deno.test("agreeOnAddresses() takes exactly what is asked for by value", async () => {
  const ledger = ledgerOf("172.18.0.0/24");
  const entries = [{ type: "IPAddress", value: "172.18.0.9" }];
  assert.deepEqual(await agree(ledger, entries), {
    ...{ addresses: ["172.18.0.9"], unusable: {}, taken: [] },
  });
});

Deno.test("agreeOnAddresses() says of each value why it cannot be had", async () => {
  const ledger = ledgerOf("172.18.0.0/24");
  ledger.reserve("172.18.0.8", "a container");
  const values = ["172.18.0.8", "invalid.example", "10.0.0.1", "172.18.0.9"];
  const { addresses, unusable, taken } = await agree(ledger, values.map((value) => ({ value })));
  assert.deepEqual(addresses, ["172.18.0.9"]);
  assert.deepEqual(Object.keys(unusable), values.slice(0, 3));
  assert.match(unusable["172.18.0.8"] ?? "", /used by a container/);
  assert.match(unusable["invalid.example"] ?? "", /no IP address/);
  assert.match(unusable["10.0.0.1"] ?? "", /outside/);
  assert.deepEqual(taken, ["172.18.0.8"]);
});

Deno.test("agreeOnAddresses() waits for no value that nobody can give", async () => {
  const values = ["invalid.example", "10.0.0.1"];
  const { taken } = await agree(ledgerOf("172.18.0.0/24"), values.map((value) => ({ value })));
  assert.deepEqual(taken, []);
});

Deno.test("agreeOnAddresses() gives an entry without a value any address", async () => {
  const { addresses } = await agree(ledgerOf("172.18.0.0/24"), [{ type: "IPAddress" }]);
  assert.equal(addresses.length, 1);
});

Deno.test("agreeOnAddresses() takes another address when somebody was faster", async () => {
  const ledger = ledgerOf("172.18.0.0/24");
  const stale = ledger.view(key);
  const [first = ""] = stale.free.IPv4;
  ledger.adopt("one/ns/web", first);
  ledger.reserve(first, "a container");
  const { addresses } = await agree(ledger, [], { view: stale });
  assert.equal(addresses.length, 1);
  assert.notEqual(addresses[0], first);
});

Deno.test("agreeOnAddresses() says which family has run out", async () => {
  const ledger = ledgerOf("172.18.0.0/24", "fc00::/120");
  const full = { ...ledger.view(key), free: { IPv4: ["172.18.0.9"], IPv6: [] } };
  const nodes = [node("10.244.0.0/24", "fd00::/64")];
  const { shortage } = await agree(ledger, [], { nodes, view: full });
  assert.match(shortage ?? "", /no free IPv6 address is left/);
});

Deno.test("agreeOnAddresses() gets by with the family that the network has", async () => {
  const ledger = ledgerOf("172.18.0.0/24");
  const dual = [node("10.244.0.0/24", "fd00::/64")];
  const { addresses, shortage } = await agree(ledger, [], { nodes: dual });
  assert.deepEqual([addresses.length, shortage], [1, undefined]);
  const none = await agree(ledger, [], { nodes: [node("fd00::/64")] });
  assert.match(none.shortage ?? "", /no free IPv6 address is left/);
});
