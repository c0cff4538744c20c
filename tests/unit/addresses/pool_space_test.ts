import assert from "assert";
import { PoolSpace } from "../../../lib/addresses/pool_space.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";

function space(text: string, more: Readonly<Record<string, string>> = {}): PoolSpace {
  const [pool] = parsePoolConfig({ "cidr-global": text, ...more }).config.pools;
  assert.ok(pool);
  return new PoolSpace(pool);
}

Deno.test("PoolSpace counts what can be chosen, and is used up when it is used", () => {
  const pool = space("10.0.0.0/30,fd00::/64");
  assert.equal(pool.usage("IPv4").size, 3n);
  assert.equal(pool.usage("IPv6").size, 1n << 64n);
  for (const wanted of [1n, 2n, 3n]) {
    const value = pool.pick("IPv4") ?? 0n;
    assert.equal(value & 3n, wanted);
    pool.take("IPv4", value);
  }
  assert.equal(pool.pick("IPv4"), undefined);
  assert.equal(pool.usage("IPv4").used, 3);
  pool.release("IPv4", 0x0a000002n);
  assert.equal(pool.pick("IPv4"), 0x0a000002n);
});

Deno.test("PoolSpace does not count what it avoids, whoever has it", () => {
  const pool = space("10.0.0.254-10.0.1.1");
  assert.equal(pool.usage("IPv4").size, 2n);
  pool.take("IPv4", 0x0a0000ffn);
  assert.equal(pool.usage("IPv4").used, 0);
  pool.release("IPv4", 0x0a0000ffn);
  pool.take("IPv4", 0x0a0000fen);
  assert.equal(pool.pick("IPv4"), 0x0a000101n);
});

Deno.test("PoolSpace looks from a place on, and from the end", () => {
  const pool = space("10.0.0.8/29", { "search-order": "desc" });
  assert.equal(pool.pick("IPv4"), 0x0a00000fn);
  pool.take("IPv4", 0x0a00000an);
  assert.equal(pool.next("IPv4", 0x0a00000an, 0x0a00000fn), 0x0a00000bn);
  assert.equal(pool.next("IPv4", 0x0a00000an, 0x0a00000an), undefined);
});
