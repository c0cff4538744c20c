import assert from "assert";
import { Ledger } from "../../../../lib/addresses/mod.ts";
import { NodeAddresses, nodeAddresses } from "../../../../lib/cli/app/node_addresses.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };
const node = (name: string, ...addresses: readonly string[]) => ({
  metadata: { name, uid: name, resourceVersion: "1" },
  status: {
    addresses: [
      { type: "Hostname", address: "10.9.9.9" },
      ...addresses.map((address) => ({ type: "InternalIP", address })),
    ],
  },
});

Deno.test("NodeAddresses keeps what a node has, and frees what it has no more", () => {
  const ledger = new Ledger([], { outside: "allow" });
  const nodes = new NodeAddresses(ledger);
  const owner = (address: string) => ledger.obstacle(address, { key: "a/b", use })?.message;
  nodes.sync([node("one", "10.0.0.1", "fd00:0::1"), node("two", "10.0.0.2")]);
  assert.match(owner("10.0.0.1") ?? "", /10\.0\.0\.1 is used by node one: ask for another/);
  assert.match(owner("fd00::1") ?? "", /node one/);
  assert.equal(owner("10.9.9.9"), undefined);
  const freed = ["10.0.0.1", "fd00::1"];
  assert.deepEqual(nodes.apply(node("one", "10.0.0.3")), { freed, clashes: [] });
  assert.equal(owner("10.0.0.1"), undefined);
  assert.deepEqual(nodes.apply(node("one", "10.0.0.3")), { freed: [], clashes: [] });
  assert.deepEqual(nodes.sync([node("one", "10.0.0.3")]).freed, ["10.0.0.2"]);
  assert.equal(owner("10.0.0.2"), undefined);
  assert.deepEqual(nodes.remove(node("one")).freed, ["10.0.0.3"]);
  assert.equal(owner("10.0.0.3"), undefined);
});

Deno.test("NodeAddresses tells of Services that have an address of a node", () => {
  const ledger = new Ledger([], { outside: "allow" });
  ledger.restore("test/web", "10.0.0.1", use);
  const change = new NodeAddresses(ledger).sync([node("one", "10.0.0.1")]);
  assert.deepEqual(change, { freed: [], clashes: ["test/web"] });
  assert.deepEqual(ledger.held("test/web"), ["10.0.0.1"]);
});

Deno.test("NodeAddresses gives an address that moves to another node to nobody between", () => {
  const ledger = new Ledger([], { outside: "allow" });
  const nodes = new NodeAddresses(ledger);
  nodes.apply(node("one", "10.0.0.1"));
  nodes.apply(node("two", "10.0.0.1"));
  nodes.remove(node("one", "10.0.0.1"));
  assert.match(ledger.obstacle("10.0.0.1", { key: "a/b", use })?.message ?? "", /node two/);
});

Deno.test("nodeAddresses() says which node has an address", () => {
  const owners = nodeAddresses([node("one", "10.0.0.1", "fd00:0::1"), node("two", "10.0.0.2")]);
  assert.deepEqual([...owners], [
    ["10.0.0.1", "node one"],
    ["fd00::1", "node one"],
    ["10.0.0.2", "node two"],
  ]);
});
