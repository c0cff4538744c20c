import assert from "assert";
import fc from "fast-check";
import { allocate, Ledger, networkPools } from "../../../lib/addresses/mod.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };
const kind = () =>
  new Ledger(networkPools({ name: "kind", subnets: ["172.18.0.0/16", "fc00::/64"] }));

Deno.test("view() offers free addresses and always the same ones first for a key", () => {
  const first = kind().view("c/default/web").free.IPv4[0];
  assert.match(first ?? "", /^172\.18\.255\./);
  assert.equal(kind().view("c/default/web").free.IPv4[0], first);
});

Deno.test("commit() refuses an address that was given away since the view", () => {
  const ledger = kind();
  assert.deepEqual(ledger.commit("c/default/a", ["172.18.255.1"], use), { ok: true });
  const lost = ledger.commit("c/default/b", ["172.18.255.1"], use);
  assert.equal(lost.ok, false);
  assert.match(lost.ok ? "" : lost.message, /belongs to Service c\/default\/a/);
  assert.deepEqual(ledger.held("c/default/b"), []);
});

Deno.test("commit() gives all addresses or none", () => {
  const ledger = kind();
  ledger.commit("c/default/a", ["fc00::1"], use);
  assert.equal(ledger.commit("c/default/b", ["172.18.255.1", "fc00::1"], use).ok, false);
  assert.deepEqual(ledger.held("c/default/b"), []);
  assert.deepEqual(ledger.commit("c/default/c", ["172.18.255.1"], use), { ok: true });
});

Deno.test("commit() names pools for an address outside them, and the user of a reserved one", () => {
  const ledger = kind();
  const outside = ledger.commit("c/default/a", ["10.0.0.1"], use);
  assert.deepEqual(outside, {
    ok: false,
    reason: "outside",
    message:
      "address 10.0.0.1 is outside every pool (172.18.0.1-172.18.255.254): ask for one inside",
  });
  ledger.reserve("172.18.0.2", "container kind-worker");
  const reserved = ledger.commit("c/default/a", ["172.18.0.2"], use);
  assert.match(reserved.ok ? "" : reserved.message, /used by container kind-worker/);
  ledger.unreserve("172.18.0.2");
  assert.equal(ledger.commit("c/default/a", ["172.18.0.2"], use).ok, true);
});

Deno.test("commit() lets Services with one sharing key share on different ports", () => {
  const ledger = kind();
  const shared = (port: string) => ({ ports: [port], sharingKey: "edge" });
  assert.equal(ledger.commit("c/default/a", ["172.18.255.1"], shared("TCP/80")).ok, true);
  assert.equal(ledger.commit("c/default/b", ["172.18.255.1"], shared("TCP/81")).ok, true);
  const clash = ledger.commit("c/default/d", ["172.18.255.1"], shared("TCP/81"));
  assert.equal(!clash.ok && clash.reason, "port-conflict");
  ledger.settle("c/default/a", []);
  assert.equal(ledger.commit("c/default/e", ["172.18.255.1"], shared("TCP/80")).ok, true);
});

Deno.test("renew() notes another use, and tells when it leaves room that the one before did not", () => {
  const ledger = kind();
  const shared = (sharingKey: string, ...ports: string[]) => ({ ports, sharingKey });
  const before = shared("edge", "TCP/80", "TCP/81");
  assert.equal(ledger.renew("c/default/a", before), false);
  ledger.commit("c/default/a", ["172.18.255.1"], before);
  assert.equal(ledger.renew("c/default/a", before), false);
  assert.equal(ledger.renew("c/default/a", shared("edge", "TCP/80", "TCP/81", "TCP/82")), false);
  const other = { key: "c/default/b", use: shared("edge", "TCP/82") };
  assert.equal(ledger.obstacle("172.18.255.1", other)?.reason, "port-conflict");
  assert.equal(ledger.renew("c/default/a", shared("edge", "TCP/80", "TCP/81")), true);
  assert.equal(ledger.obstacle("172.18.255.1", other), undefined);
  assert.equal(ledger.renew("c/default/a", shared("other", "TCP/80", "TCP/81")), true);
  assert.equal(ledger.obstacle("172.18.255.1", other)?.reason, "in-use");
});

Deno.test("unreserve() gives an address to who has it and could not hold it meanwhile", () => {
  const ledger = kind();
  ledger.commit("c/default/a", ["172.18.255.1"], use);
  assert.equal(ledger.restore("c/default/b", "172.18.255.1", use), false);
  ledger.reserve("172.18.255.1", "node worker");
  ledger.settle("c/default/a", []);
  ledger.unreserve("172.18.255.1");
  assert.deepEqual(ledger.held("c/default/b"), ["172.18.255.1"]);
  assert.deepEqual(ledger.conflicts(), []);
});

Deno.test("commit() ends the dispute of who can share by now", () => {
  const ledger = kind();
  const shared = (port: string) => ({ ports: [port], sharingKey: "edge" });
  ledger.commit("c/default/a", ["172.18.255.1"], use);
  assert.equal(ledger.restore("c/default/b", "172.18.255.1", shared("TCP/81")), false);
  ledger.commit("c/default/a", ["172.18.255.1"], shared("TCP/80"));
  ledger.commit("c/default/b", ["172.18.255.1"], shared("TCP/81"));
  assert.deepEqual(ledger.conflicts(), []);
});

Deno.test("restore() keeps addresses outside the pools and reports a double holder", () => {
  const ledger = kind();
  assert.equal(ledger.restore("c/default/a", "10.9.9.9", use), true);
  assert.deepEqual(ledger.held("c/default/a"), ["10.9.9.9"]);
  assert.equal(ledger.restore("c/default/b", "10.9.9.9", use), false);
  assert.equal(ledger.commit("c/default/a", ["10.9.9.9"], use).ok, true);
});

Deno.test("clash() tells who holds an address that a container got", () => {
  const ledger = kind();
  ledger.commit("c/default/a", ["172.18.255.1"], use);
  ledger.reserve("172.18.255.1", "container x");
  assert.deepEqual(ledger.clash("172.18.255.1"), ["c/default/a"]);
});

Deno.test("Ledger never gives an address twice and never loses one, over any history", () => {
  const step = fc.record({
    key: fc.nat(20),
    op: fc.constantFrom("ask", "stale", "free", "restart"),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
    const pools = networkPools({ name: "n", subnets: ["10.0.0.0/28"] });
    let ledger = new Ledger(pools);
    let stale = ledger.view("0");
    const model = new Map<string, readonly string[]>();
    for (const { key: number, op } of steps) {
      const key = String(number);
      if (op === "free") {
        ledger.settle(key, []);
        model.delete(key);
      } else if (op === "restart") {
        ledger = new Ledger(pools);
        for (const [owner, held] of model) {
          for (const address of held) assert.ok(ledger.restore(owner, address, use));
        }
      } else {
        const view = op === "ask" ? ledger.view(key) : { ...stale, held: ledger.held(key) };
        const decision = allocate(
          { families: ["IPv4"], policy: "SingleStack", requested: [] },
          view,
        );
        if (decision.kind !== "take") continue;
        const { ok } = ledger.commit(key, decision.addresses, use);
        assert.ok(ok || op === "stale", "a fresh proposal always wins");
        if (ok) model.set(key, decision.addresses);
      }
      stale = ledger.view(key);
    }
    const given = [...model.values()].flat();
    assert.equal(new Set(given).size, given.length);
    for (const [owner, held] of model) assert.deepEqual(ledger.held(owner), held);
  }));
});

Deno.test("conflicts() tells of an address that two say they have, until one lets go", () => {
  const ledger = kind();
  ledger.restore("c/default/a", "172.18.255.1", use);
  assert.equal(ledger.restore("c/default/b", "172.18.255.1", use), false);
  const conflict = { address: "172.18.255.1", holders: ["c/default/a"] };
  assert.deepEqual(ledger.conflicts(), [{ ...conflict, claimants: ["c/default/b"] }]);
  ledger.settle("c/default/a", []);
  assert.deepEqual(ledger.conflicts(), []);
  assert.deepEqual(ledger.held("c/default/b"), ["172.18.255.1"]);
  assert.equal(ledger.commit("c/default/d", ["172.18.255.1"], use).ok, false);
});

Deno.test("settle() tells what others can be given, and who has it already", () => {
  const ledger = kind();
  const shared = (port: string) => ({ ports: [port], sharingKey: "edge" });
  ledger.commit("alone", ["172.18.255.1", "0.0.0.0"], use);
  ledger.commit("one", ["172.18.255.2"], shared("TCP/80"));
  ledger.commit("two", ["172.18.255.2"], shared("TCP/81"));
  ledger.restore("claimed", "172.18.255.3", use);
  ledger.restore("claims", "172.18.255.3", use);
  ledger.commit("moves", ["172.18.255.4", "172.18.255.5"], use);
  ledger.commit("clash", ["172.18.255.6"], use);
  ledger.reserve("172.18.255.6", "a container");
  const told = (key: string, kept: readonly string[] = []) => {
    const { freed, holders } = ledger.settle(key, kept);
    return [freed, holders];
  };
  assert.deepEqual(told("alone"), [["172.18.255.1"], []]);
  assert.deepEqual(told("one"), [["172.18.255.2"], ["two"]]);
  assert.deepEqual(told("claimed"), [[], ["claims"]]);
  assert.deepEqual(told("moves", ["172.18.255.5"]), [["172.18.255.4"], []]);
  assert.deepEqual(told("clash"), [[], []]);
  assert.deepEqual(told("nobody"), [[], []]);
});

Deno.test("settle() ends a claim of who moved elsewhere", () => {
  const ledger = kind();
  ledger.restore("a", "172.18.255.1", use);
  ledger.restore("b", "172.18.255.1", use);
  ledger.commit("b", ["172.18.255.2"], use);
  ledger.settle("b", ["172.18.255.2"]);
  ledger.settle("a", []);
  assert.deepEqual(ledger.commit("d", ["172.18.255.1"], use), { ok: true });
});

Deno.test("configure() changes pools and takes nothing from anybody", () => {
  const ledger = kind();
  ledger.commit("a", ["172.18.255.1"], use);
  ledger.configure(networkPools({ name: "other", subnets: ["10.0.0.0/24"] }));
  assert.deepEqual(ledger.held("a"), ["172.18.255.1"]);
  assert.deepEqual(ledger.strays(), [{ key: "a", address: "172.18.255.1" }]);
  assert.equal(ledger.commit("b", ["172.18.255.1"], use).ok, false);
  assert.equal(ledger.commit("a", ["172.18.255.1"], use).ok, true);
  assert.equal(ledger.commit("b", ["172.18.255.2"], use).ok, false);
});

Deno.test("usage() counts addresses by pool and family", () => {
  const ledger = new Ledger(networkPools({ name: "n", subnets: ["10.0.0.0/29", "fd00::/120"] }));
  ledger.commit("a", ["10.0.0.5", "fd00::1"], use);
  ledger.reserve("10.0.0.1", "a node");
  assert.deepEqual(
    ledger.usage().map(({ family, size, used }) => [family, size, used]),
    [
      ["IPv4", 3n, 1],
      ["IPv4", 6n, 2],
      ["IPv6", 128n, 0],
      ["IPv6", 256n, 1],
    ].filter(([, size]) => size !== 112n),
  );
});

Deno.test("commit() and settle() take no notice of host names and DHCP", () => {
  const ledger = kind();
  for (const key of ["a", "b"]) {
    assert.equal(ledger.commit(key, ["0.0.0.0", "::", "my.host.name"], use).ok, true);
    assert.deepEqual(ledger.held(key), ["0.0.0.0", "::", "my.host.name"]);
  }
  assert.deepEqual(ledger.conflicts(), []);
  ledger.settle("a", []);
  assert.deepEqual(ledger.held("a"), []);
});

Deno.test("commit() takes an address outside the pools for who asked for it, where allowed", () => {
  const [pool] = kind().pools;
  assert.ok(pool);
  const ledger = new Ledger([pool], { outside: "allow" });
  assert.equal(ledger.commit("a", ["10.9.9.9"], use).ok, false);
  assert.equal(ledger.commit("a", ["10.9.9.9"], { ...use, asked: true }).ok, true);
  ledger.configure([pool], { outside: "refuse" });
  assert.equal(ledger.commit("b", ["10.9.9.8"], { ...use, asked: true }).ok, false);
});
