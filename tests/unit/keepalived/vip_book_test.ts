import assert from "assert";
import { names, VipBook } from "../../../lib/keepalived/vip_book.ts";
import { vipPool } from "../../../lib/keepalived/vip_pool.ts";
import { vipRecord } from "../../fakes/vip_world.ts";

const claimant = (name: string) => ({ uid: `u-${name}`, key: `default/${name}` });

Deno.test("VipBook.obstacle() is silent for free, own and named addresses alone", () => {
  const state = { records: [vipRecord("a", "10.0.0.1")], unreadable: [] };
  const data = { "10.0.0.1": "default/a", "10.0.0.2": "default/b", "10.0.0.3": "" };
  const book = new VipBook(state, data);
  const told = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]
    .map((ip) => book.obstacle(ip, claimant("b")) !== undefined);
  assert.deepEqual(told, [true, false, true, false]);
  assert.equal(book.obstacle("10.0.0.1", claimant("a")), undefined);
});

Deno.test("VipBook.put() and remove() free what nobody has any more", () => {
  const book = new VipBook({ records: [], unreadable: [] }, {}, { pool: vipPool("10.0.0.0/30") });
  book.put(vipRecord("a", "10.0.0.1"));
  book.put(vipRecord("b", "10.0.0.1"));
  assert.equal(book.lowestFree(), "10.0.0.2");
  book.remove("u-a");
  assert.equal(book.lowestFree(), "10.0.0.2");
  book.put(vipRecord("b", "10.0.0.2"));
  assert.equal(book.lowestFree(), "10.0.0.1");
  book.remove("u-unknown");
  assert.deepEqual(book.records, [vipRecord("b", "10.0.0.2")]);
  assert.deepEqual(book.record("u-b"), vipRecord("b", "10.0.0.2"));
});

Deno.test("VipBook without a pool has no free address", () => {
  assert.equal(new VipBook({ records: [], unreadable: [] }, {}).lowestFree(), undefined);
});

Deno.test("VipBook.hasEntry() is true for entries that are nobody's record", () => {
  const data = { "10.0.0.1": "default/a", "10.0.0.2": "default/b" };
  const book = new VipBook({ records: [vipRecord("a", "10.0.0.1")], unreadable: [] }, data);
  assert.deepEqual(["10.0.0.1", "10.0.0.2"].map((ip) => book.hasEntry(ip)), [false, true]);
});

Deno.test("names() compares the Service, whatever the method", () => {
  assert.ok(names("default/a:DR", "default/a"));
  assert.ok(!names("default/ab", "default/a"));
  assert.ok(!names("", "default/a"));
});

Deno.test("VipBook gives nobody what is reserved, and takes it from nobody", () => {
  const reserved = new Map([["10.0.0.1", "node one"], ["10.0.0.3", "node two"]]);
  const state = { records: [vipRecord("a", "10.0.0.3")], unreadable: [] };
  const book = new VipBook(state, {}, { pool: vipPool("10.0.0.0/29"), reserved });
  assert.equal(book.lowestFree(), "10.0.0.2");
  const words = "address 10.0.0.1 is used by node one: ask for another one";
  assert.equal(book.obstacle("10.0.0.1", claimant("b")), words);
  assert.equal(book.reservation("10.0.0.2"), undefined);
  assert.deepEqual(book.record("u-a"), vipRecord("a", "10.0.0.3"));
  book.remove("u-a");
  book.put(vipRecord("b", "10.0.0.2"));
  assert.equal(book.lowestFree(), "10.0.0.4");
});
