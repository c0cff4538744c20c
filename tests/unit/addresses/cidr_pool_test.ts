import assert from "assert";
import {
  cidrPool,
  decideAddresses,
  describePool,
  Ledger,
  poolsOnly,
} from "../../../lib/addresses/mod.ts";
import { addressAsk } from "../../../lib/addresses/mod.ts";
import { alone, wishService } from "../../fakes/address_bed.ts";

const BOUNDS: readonly (readonly [string, string])[] = [
  ["10.210.38.100/26", "10.210.38.65-10.210.38.126"],
  ["10.210.38.100/30", "10.210.38.101-10.210.38.102"],
  ["10.210.38.100/31", "10.210.38.100-10.210.38.101"],
  ["10.210.38.100/32", "10.210.38.100-10.210.38.100"],
  ["fd00::/125", "fd00::1-fd00::6"],
  ["fd00::/127", "fd00::-fd00::1"],
];
for (const [text, wanted] of BOUNDS) {
  Deno.test(`cidrPool() of ${text}`, () => {
    assert.equal(describePool(cidrPool(text)), wanted);
  });
}

const LISTS: readonly (readonly [string, readonly string[], string])[] = [
  ["K-A1", [], "10.0.0.1"],
  ["K-A2", ["10.0.0.1"], "10.0.0.2"],
];
for (const [id, used, wanted] of LISTS) {
  Deno.test(`${id} cidrPool() gives ${wanted} out of 10.0.0.0/8`, () => {
    const config = poolsOnly([cidrPool("10.0.0.0/8")]);
    const ledger = new Ledger(config.pools, config);
    for (const address of used) assert.ok(ledger.restore("a", address, alone));
    const ask = addressAsk(wishService("default/b"), { key: "b" });
    const decision = decideAddresses(ask, config, ledger);
    assert.deepEqual(decision.kind === "take" && decision.addresses, [wanted]);
  });
}

Deno.test("cidrPool() gives .0 and .255 inside, and a /16 to its last address", () => {
  const config = poolsOnly([cidrPool("10.1.0.0/16")]);
  const ledger = new Ledger(config.pools);
  const [pool] = config.pools;
  assert.ok(pool);
  let last: string | undefined;
  for (let i = 0; i < 65_534; i++) {
    last = ledger.free(pool, "IPv4");
    assert.ok(last !== undefined && ledger.commit(`s${i}`, [last], alone).ok);
    if (i === 254) assert.equal(last, "10.1.0.255");
  }
  assert.equal(last, "10.1.255.254");
  assert.equal(ledger.free(pool, "IPv4"), undefined);
});

Deno.test("cidrPool() refuses text that is no prefix", () => {
  assert.throws(() => cidrPool("10.0.0.1"), /not a CIDR/);
});
