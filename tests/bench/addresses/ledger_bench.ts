/** What the allocator costs on one core: runs of many allocations, and one among many. */
import {
  addressAsk,
  cidrPool,
  decideAddresses,
  Ledger,
  plainPool,
} from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import { PoolSpace } from "../../../lib/addresses/pool_space.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };

Deno.bench("free intervals: 65,536 allocations of a /15", { n: 10, warmup: 2 }, () => {
  const space = new PoolSpace(cidrPool("10.0.0.0/15"));
  for (let i = 0; i < 65_536; i++) {
    const value = space.pick("IPv4");
    if (value === undefined) throw new Error("used up");
    space.take("IPv4", value);
  }
});

Deno.bench("free intervals: 1,000,000 random allocate or release", { n: 3, warmup: 1 }, () => {
  const space = new PoolSpace(cidrPool("10.0.0.0/11"));
  const held: bigint[] = [];
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  for (let i = 0; i < 1_000_000; i++) {
    if (held.length > 0 && random(5) < 2) {
      const at = random(held.length);
      const value = held[at] ?? 0n;
      held[at] = held.at(-1) ?? value;
      held.pop();
      space.release("IPv4", value);
    } else {
      const value = space.pick("IPv4");
      if (value === undefined) throw new Error("used up");
      space.take("IPv4", value);
      held.push(value);
    }
  }
});

Deno.bench("ledger: 65,536 allocations (pick, commit)", { n: 5, warmup: 1 }, () => {
  const pool = cidrPool("10.0.0.0/15");
  const ledger = new Ledger([pool]);
  for (let i = 0; i < 65_536; i++) {
    const address = ledger.free(pool, "IPv4");
    if (address === undefined) throw new Error("used up");
    ledger.commit(`default/s${i}`, [address], use);
  }
});

Deno.bench("ledger: 1,000,000 random allocate or release", { n: 1, warmup: 0 }, () => {
  const pool = cidrPool("10.0.0.0/11");
  const ledger = new Ledger([pool]);
  const held: string[] = [];
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  for (let i = 0; i < 1_000_000; i++) {
    if (held.length > 0 && random(5) < 2) {
      const at = random(held.length);
      const key = held[at] ?? "";
      held[at] = held.at(-1) ?? key;
      held.pop();
      ledger.settle(key, []);
    } else {
      const address = ledger.free(pool, "IPv4");
      if (address === undefined) throw new Error("used up");
      const key = `s${i}`;
      ledger.commit(key, [address], use);
      held.push(key);
    }
  }
});

Deno.bench("decisions: 65,536 Services through ConfigMap pools", { n: 3, warmup: 1 }, () => {
  const { config } = parsePoolConfig({ "cidr-global": "10.0.0.0/15", "cidr-dev": "10.9.0.0/24" });
  const ledger = new Ledger(config.pools, config);
  for (let i = 0; i < 65_536; i++) {
    const key = `default/s${i}`;
    const metadata = { name: `s${i}`, namespace: "default", uid: key, resourceVersion: "1" };
    const ask = addressAsk({ metadata, spec: { ports: [{ port: 80 }] } }, { key });
    const decision = decideAddresses(ask, config, ledger);
    if (decision.kind !== "take") throw new Error("used up");
    ledger.commit(key, decision.addresses, decision.use);
  }
});

for (const holes of [10, 1_000, 100_000]) {
  const pool = plainPool("wide", [{ family: "IPv6", first: 1n << 64n, last: (1n << 65n) - 1n }]);
  const space = new PoolSpace(pool);
  for (let i = 0; i < holes; i++) space.take("IPv6", (1n << 64n) + BigInt(2 * i + 1));
  const middle = (1n << 64n) + BigInt(holes);
  Deno.bench({
    name: `one of an IPv6 /64 with ${holes} holes: find, take, release`,
    group: "hole",
    baseline: holes === 10,
    fn() {
      const value = space.next("IPv6", middle, (1n << 65n) - 1n) ?? 0n;
      space.take("IPv6", value);
      space.release("IPv6", value);
    },
  });
}
