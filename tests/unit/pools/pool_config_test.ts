import assert from "assert";
import fc from "fast-check";
import { describePool } from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";

/** key → what it says. */
function complaints(data: Readonly<Record<string, string>>): readonly string[] {
  return parsePoolConfig(data).problems.map(({ severity, message }) => `${severity} ${message}`);
}

Deno.test("parsePoolConfig() reads every key of a full configuration", () => {
  const { config, problems } = parsePoolConfig({
    "cidr-global": "10.0.0.0/30, fd00::/126",
    "range-dev": "10.1.0.1-10.1.0.9",
    "exclude-dev": "10.1.0.3/32",
    "allow-share-global": "true",
    "allow-shared-dev": "true",
    "allow-share-dev": "false",
    "interface-global": "eth0",
    "search-order": "desc",
    "skip-end-ips-in-cidr": "true",
    "avoid-buggy-ips": "false",
    "outside-pools": "refuse",
    "pool-public": "addresses: [192.0.2.0/28]",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(config.pools.map((pool) => [pool.name, describePool(pool)]), [
    ["cidr-global", "10.0.0.1-10.0.0.2,fd00::-fd00::3"],
    ["range-dev", "10.1.0.1-10.1.0.2,10.1.0.4-10.1.0.9"],
    ["pool-public", "192.0.2.1-192.0.2.14"],
  ]);
  assert.ok(config.pools.every(({ order, avoidEnds }) => order === "descending" && !avoidEnds));
  assert.equal(config.outside, "refuse");
  assert.deepEqual([...config.share], [["dev", false], ["global", true]]);
});

Deno.test("parsePoolConfig() of nothing is no pool and no problem", () => {
  const { config, problems } = parsePoolConfig({});
  assert.deepEqual([config.pools, problems], [[], []]);
});

Deno.test("parsePoolConfig() reports every bad key at once and uses the good ones", () => {
  const { config, problems } = parsePoolConfig({
    "cidr-a": "oops,10.0.0.0/24",
    "range-b": "10.1.0.9-10.1.0.1",
    "pool-c": "addresses: [10.2.0.0/24, fail]",
    "pool-d": "{",
    "cdir-global": "10.3.0.0/24",
    "search-order": "up",
  });
  assert.deepEqual(problems.map(({ key }) => key).toSorted(), [
    "cdir-global",
    "cidr-a",
    "pool-c",
    "pool-d",
    "range-b",
    "search-order",
  ]);
  for (const { key, message } of problems) {
    assert.ok(message.startsWith(`${key}: `), message);
    assert.match(message, /: (?:write|use) |: write /);
  }
  assert.deepEqual(config.pools.map((pool) => [pool.name, pool.ranges.length]), [
    ["cidr-a", 1],
    ["range-b", 0],
    ["pool-c", 1],
  ]);
});

const WARNINGS: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ["a word that is not quite true", { "skip-end-ips-in-cidr": "True" }, /"True" counts as "false"/],
  ["an order that is none", { "search-order": "descending" }, /write "asc" or "desc"/],
  ["a flag that is none", { "allow-share-dev": "yes" }, /"yes" counts as "false"/],
  ["an empty key", { "cidr-dev": " " }, /counts as absent: remove the key/],
  [
    "a key in the shadow of another",
    { "cidr-dev": "10.0.0.0/24", "range-dev": "10.1.0.1-10.1.0.2" },
    /^warning range-dev: .* is not used: cidr-dev comes first/,
  ],
  ["a key that means nothing", { "cird-dev": "10.0.0.0/24" }, /means nothing here/],
  [
    "a range in the shadow of the global prefix, where that is wanted",
    { "cidr-global": "10.0.0.0/24", "range-dev": "10.1.0.1-10.1.0.2", "global-cidr-first": "true" },
    /^warning range-dev: .* is not used: cidr-global comes first/,
  ],
  ["a refusal that is misspelt", { "outside-pools": "refsue" }, /"refsue" counts as "refuse"/],
  ["a named pool without a name", { "pool-": "addresses: 10.0.0.0/24" }, /means nothing here/],
  ["a switch that is neither on nor off", { "global-cidr-first": "yes" }, /counts as "false"/],
  [
    "pools that overlap",
    { "cidr-dev": "10.0.0.0/24", "cidr-global": "10.0.0.0/16" },
    /overlaps cidr-/,
  ],
];
for (const [name, data, pattern] of WARNINGS) {
  Deno.test(`parsePoolConfig() warns of ${name}`, () => {
    const found = complaints(data);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", pattern);
    assert.match(found[0] ?? "", /^warning /);
  });
}

Deno.test("parsePoolConfig() reads a ConfigMap of the largest size", () => {
  // 1 MiB is what etcd takes
  const entries: string[] = [];
  for (let i = 0; i < 30_000; i++) {
    entries.push(`10.${i >> 8 & 255}.${i & 255}.0-10.${i >> 8 & 255}.${i & 255}.9`);
  }
  const text = entries.join(",");
  const { config, problems } = parsePoolConfig({ "range-global": text, "cidr-dev": text });
  assert.ok(text.length * 2 > 1_000_000);
  assert.deepEqual(config.pools.map(({ ranges }) => ranges.length), [30_000, 30_000]);
  assert.equal(problems.length, 1);
});

Deno.test("parsePoolConfig() takes any text without failing, and names the key of each problem", () => {
  const entry = fc.oneof(
    fc.constantFrom("10.0.0.0/24", "fd00::/64", "0.0.0.0/32", "10.0.0.1-10.0.0.9", "/", "-", ","),
    fc.string({ maxLength: 12 }),
    fc.ipV4(),
    fc.ipV6(),
  );
  const key = fc.constantFrom(
    ...["cidr-global", "range-dev", "pool-x", "exclude-dev", "allow-share-dev", "interface-a"],
    ...["search-order", "outside-pools", "other"],
  );
  const value = fc.array(entry, { maxLength: 5 }).map((entries) => entries.join(","));
  const data = fc.dictionary(key, fc.oneof(value, value.map((text) => `addresses: [${text}]`)));
  fc.assert(fc.property(data, (map) => {
    const { config, problems } = parsePoolConfig(map);
    for (const problem of problems) {
      assert.ok(problem.key in map && problem.message.startsWith(`${problem.key}: `));
    }
    for (const { ranges } of config.pools) assert.ok(ranges.every((one) => one.first <= one.last));
  }));
});

Deno.test("parsePoolConfig() reads a ConfigMap full of garbage, or of IPv6 blocks", () => {
  const garbage = parsePoolConfig({ "cidr-a": "x,".repeat(1 << 18), "cidr-b": "10.0.0.0/24" });
  assert.equal(garbage.problems.length, 1 << 18);
  assert.equal(garbage.config.pools.length, 2);
  const blocks = Array.from({ length: 1 << 15 }, (_, i) => `fd00:0:${(2 * i).toString(16)}::/64`);
  const { config: { pools } } = parsePoolConfig({ "cidr-a": blocks.join(",") });
  assert.equal(pools[0]?.ranges.length, 1 << 15);
});

Deno.test("parsePoolConfig() tells of an exclusion that no pool heeds", () => {
  const { problems } = parsePoolConfig({
    "cidr-global": "10.0.0.0/24",
    "exclude-global": "10.0.0.5/32",
    "exclude-dev": "10.0.0.6/32",
  });
  assert.deepEqual(problems.map(({ key }) => key), ["exclude-dev"]);
  assert.match(problems[0]?.message ?? "", /counts for cidr-dev and range-dev alone/);
});

Deno.test("parsePoolConfig() gives nobody addresses by itself where an exclusion cannot be read", () => {
  const { config, problems } = parsePoolConfig({
    "cidr-dev": "10.0.0.0/24",
    "exclude-dev": "10.0.0.5/32,10.0.0.9",
    "cidr-global": "10.1.0.0/24",
  });
  assert.deepEqual(config.pools.map(({ name, auto }) => [name, auto]), [
    ["cidr-dev", false],
    ["cidr-global", true],
  ]);
  assert.deepEqual(problems.map(({ key, severity }) => [key, severity]), [[
    "exclude-dev",
    "error",
  ]]);
});

Deno.test("parsePoolConfig() has no pool without a name", () => {
  const { config } = parsePoolConfig({ "pool-": "addresses: 10.0.0.0/24" });
  assert.deepEqual(config.pools, []);
});

Deno.test("parsePoolConfig() refuses addresses outside when the word for it cannot be read", () => {
  assert.equal(parsePoolConfig({ "outside-pools": "refsue" }).config.outside, "refuse");
});
