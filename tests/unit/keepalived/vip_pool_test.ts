import assert from "assert";
import { FreeAddresses, poolHolds, vipPool } from "../../../lib/keepalived/vip_pool.ts";

/** All addresses of a pool in order, by taking them. */
function drain(cidr: string): readonly string[] {
  const free = new FreeAddresses(vipPool(cidr));
  const found: string[] = [];
  for (let next = free.lowest(); next !== undefined; next = free.lowest()) {
    found.push(next);
    free.take(next);
  }
  return found;
}

const pools = [
  { row: "KCP-pool-26", cidr: "10.210.38.100/26", first: "10.210.38.65", count: 62 },
  { row: "KCP-pool-30", cidr: "10.0.0.0/30", first: "10.0.0.1", count: 2 },
  { row: "KCP-pool-31: the peer finds none", cidr: "10.0.0.0/31", first: "10.0.0.0", count: 2 },
  { row: "KCP-pool-32: the peer panics", cidr: "10.0.0.7/32", first: "10.0.0.7", count: 1 },
  { row: "KCP-pool-ipv6", cidr: "fd00::/125", first: "fd00::1", count: 6 },
  {
    row: "KCP-pool-ends: .0 and .255 are used",
    cidr: "10.0.0.0/23",
    first: "10.0.0.1",
    count: 510,
  },
];

for (const { row, cidr, first, count } of pools) {
  Deno.test(`${row}: vipPool("${cidr}") gives ${count} from ${first}`, () => {
    const found = drain(cidr);
    assert.equal(found[0], first);
    assert.equal(found.length, count);
  });
}

Deno.test("KCP-pool-huge: an IPv6 /64 and an IPv4 /8 cost no more than a /30", () => {
  assert.equal(new FreeAddresses(vipPool("fd00::/64")).lowest(), "fd00::1");
  assert.equal(new FreeAddresses(vipPool("10.0.0.0/8")).lowest(), "10.0.0.1");
});

for (
  const text of ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.1-10.0.0.9", "10.0.0.0/24,10.1.0.0/24"]
) {
  Deno.test(`KCP-pool-bad: vipPool("${text}") says what to write where`, () => {
    assert.throws(
      () => vipPool(text),
      /the service CIDR "[^"]*" cannot be read: .* KEEPALIVED_SERVICE_CIDR or --service-cidr/,
    );
  });
}

Deno.test("FreeAddresses.giveBack() makes an address free again, others do not matter", () => {
  const free = new FreeAddresses(vipPool("10.0.0.0/30"));
  free.take("10.0.0.1");
  free.take("10.9.9.9");
  free.take("fd00::1");
  assert.equal(free.lowest(), "10.0.0.2");
  free.giveBack("10.0.0.1");
  free.giveBack("10.9.9.9");
  free.giveBack("no address");
  assert.equal(free.lowest(), "10.0.0.1");
});

Deno.test("poolHolds() knows the usable addresses", () => {
  const pool = vipPool("10.0.0.0/30");
  const held = ["10.0.0.0", "10.0.0.1", "10.0.0.3", "fd00::1"].map((text) => poolHolds(pool, text));
  assert.deepEqual(held, [false, true, false, false]);
});

for (const cidr of ["0.0.0.0/0", "::/0", "10.0.0.0/00"]) {
  Deno.test(`KCP-pool-all: vipPool("${cidr}") is refused, as it is everybody's`, () => {
    assert.throws(() => vipPool(cidr), /service CIDR .* cannot be read: write one prefix/);
  });
}
