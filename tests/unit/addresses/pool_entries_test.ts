import assert from "assert";
import { parseEntries } from "../../../lib/addresses/mod.ts";
import { formatAddress } from "../../../lib/net/mod.ts";

/** Every address of a small pool. */
function members(text: string, skipEnds = false): readonly string[] {
  const { ranges, problems } = parseEntries(text, { key: "cidr-global", skipEnds });
  assert.deepEqual(problems.filter(({ severity }) => severity === "error"), []);
  return ranges.flatMap(({ family, first, last }) => {
    const found: string[] = [];
    for (let value = first; value <= last; value++) found.push(formatAddress({ family, value }));
    return found;
  });
}

/** `a .1 .2` → a.1, a.2; texts without a dot or colon in front stand for themselves. */
function expand(prefix: string, ends: string): readonly string[] {
  return ends.split(" ").map((end) => prefix + end);
}

const RANGES: readonly (readonly [string, string, readonly string[]])[] = [
  ["A1", "192.168.0.10-192.168.0.10", ["192.168.0.10"]],
  ["A2", "192.168.0.10-192.168.0.12", expand("192.168.0.", "10 11 12")],
  ["A3", "192.168.0.253-192.168.1.2", expand("192.168.", "0.253 0.254 0.255 1.0 1.1 1.2")],
  [
    "A4",
    "192.168.0.10-192.168.0.11,192.168.1.20-192.168.1.21",
    expand("192.168.", "0.10 0.11 1.20 1.21"),
  ],
  [
    "A5",
    "192.168.0.10-192.168.0.11,192.168.0.10-192.168.0.13",
    expand("192.168.0.", "10 11 12 13"),
  ],
  ["A6", "fe80::13-fe80::14", ["fe80::13", "fe80::14"]],
  ["A7", "fe80::ffff-fe80::1:3", expand("fe80::", "ffff 1:0 1:1 1:2 1:3")],
  [
    "A8",
    "fe80::10-fe80::12,fe81::13-fe81::14",
    [...expand("fe80::", "10 11 12"), "fe81::13", "fe81::14"],
  ],
  ["A9", "fe80::10-fe80::12,fe80::10-fe80::14", expand("fe80::", "10 11 12 13 14")],
];

for (const [id, text, expected] of RANGES) {
  Deno.test(`${id} parseEntries() of range ${text}`, () => {
    assert.deepEqual(members(text), expected);
  });
}

const PREFIXES: readonly (readonly [string, string, boolean, readonly string[]])[] = [
  ["B1", "192.168.0.200/32", false, ["192.168.0.200"]],
  ["B2", "192.168.0.200/32", true, ["192.168.0.200"]],
  ["B3", "192.168.0.200/30", false, expand("192.168.0.", "200 201 202 203")],
  ["B4", "192.168.0.200/30", true, expand("192.168.0.", "201 202")],
  ["B5", "192.168.0.200/31", true, expand("192.168.0.", "200 201")],
  ["B6", "192.168.0.200/31", true, expand("192.168.0.", "200 201")],
  [
    "B7",
    "192.168.0.200/30,192.168.0.200/29",
    false,
    expand("192.168.0.", "200 201 202 203 204 205 206 207"),
  ],
  [
    "B8",
    "192.168.0.200/30,192.168.0.200/29",
    true,
    expand("192.168.0.", "201 202 203 204 205 206"),
  ],
  ["B9", "fe80::10/127", false, ["fe80::10", "fe80::11"]],
  ["B10", "fe80::10/127,fe80::fe/127", false, expand("fe80::", "10 11 fe ff")],
  ["B11", "fe80::10/126,fe80::12/127", false, expand("fe80::", "10 11 12 13")],
];

for (const [id, text, skipEnds, expected] of PREFIXES) {
  Deno.test(`${id} parseEntries() of ${text}${skipEnds ? " without ends" : ""}`, () => {
    assert.deepEqual(members(text, skipEnds), expected);
  });
}

Deno.test("parseEntries() melts adjacent prefixes before it takes their ends off", () => {
  assert.equal(members("10.0.0.8/30,10.0.0.12/30", true).length, 6);
  assert.equal(members("10.0.0.0/30,10.0.0.4/30,10.0.0.8/30", true).length, 8);
});

Deno.test("parseEntries() takes a range whole, whatever is skipped", () => {
  assert.deepEqual(members("10.0.0.0-10.0.0.3", true).length, 4);
  assert.deepEqual(members("fd00::/126", true).length, 4);
});

Deno.test("parseEntries() takes spaces, empty entries and both kinds together", () => {
  assert.deepEqual(members(" 10.0.0.8/31 ,10.0.0.20 - 10.0.0.21,, "), [
    "10.0.0.8",
    "10.0.0.9",
    "10.0.0.20",
    "10.0.0.21",
  ]);
});

Deno.test("parseEntries() never counts an IPv6 prefix out", () => {
  const { ranges } = parseEntries("2001:db8::/32", { key: "cidr-global", skipEnds: false });
  assert.equal((ranges[0]?.last ?? 0n) - (ranges[0]?.first ?? 0n) + 1n, 1n << 96n);
});

const BAD: readonly (readonly [string, RegExp])[] = [
  ["oops", /write a prefix like 10\.0\.0\.0\/24 or a range/],
  ["10.0.0.7", /single address: write 10\.0\.0\.7\/32/],
  ["fd00::7", /single address: write fd00::7\/128/],
  ["10.0.0.0/33", /prefix length must be 1 to 32: write it like 10\.0\.0\.0\/32/],
  ["10.0.0.0/x", /prefix length/],
  ["10.0.0.0/8/9", /no address/],
  ["10.0.0.300/24", /"10\.0\.0\.300" is no address/],
  ["0.0.0.0/0", /every address there is: name the block that is yours/],
  ["::/0", /every address there is/],
  ["10.0.0.9-10.0.0.1", /backwards: write 10\.0\.0\.1-10\.0\.0\.9/],
  ["10.0.0.9-fd00::1", /two families: write one range for each/],
  ["10.0.0.1-10.0.0.5-10.0.0.9", /more than two ends/],
  ["10.0.0.1-oops", /"oops" is none/],
  ["fe80::1%eth0-fe80::2", /"fe80::1%eth0" is none/],
  ["0.0.0.0-0.0.0.0", /for DHCP write 0\.0\.0\.0\/32/],
];

for (const [entry, pattern] of BAD) {
  Deno.test(`parseEntries() reports ${entry} and keeps what stands beside it`, () => {
    const options = { key: "cidr-dev", skipEnds: false };
    const { ranges, problems } = parseEntries(`10.1.0.0/24,${entry},fd01::/64`, options);
    assert.equal(ranges.length, 2);
    const [problem] = problems;
    assert.deepEqual([problem?.severity, problem?.key, problem?.value], [
      "error",
      "cidr-dev",
      entry,
    ]);
    assert.ok(problem?.message.startsWith(`cidr-dev: entry "${entry}"`));
    assert.match(problem?.message ?? "", pattern);
  });
}

Deno.test("parseEntries() reports every bad entry at once", () => {
  const { problems } = parseEntries("a,10.0.0.0/24,b,c", { key: "range-x", skipEnds: false });
  assert.deepEqual(problems.map(({ value }) => value), ["a", "b", "c"]);
});

Deno.test("parseEntries() takes host bits off and says so", () => {
  const { ranges, problems } = parseEntries("192.168.0.210/29", { key: "k", skipEnds: false });
  assert.equal(problems[0]?.severity, "warning");
  assert.match(problems[0]?.message ?? "", /means 192\.168\.0\.208\/29: write that/);
  assert.equal(ranges.length, 1);
});

Deno.test("parseEntries() takes 0.0.0.0/32 and ::/128 for DHCP, if they stand alone", () => {
  const read = (text: string) => parseEntries(text, { key: "k", skipEnds: false });
  assert.deepEqual(read("0.0.0.0/32").dhcp, ["IPv4"]);
  assert.deepEqual(read("0.0.0.0/32, ::/128").dhcp, ["IPv4", "IPv6"]);
  assert.deepEqual(read("0.0.0.0/32,fd00::10/126").dhcp, ["IPv4"]);
  assert.deepEqual(read("0.0.0.0/32,fd00::10/126").problems, []);
  const beside = read("0.0.0.0/32,10.0.0.0/24");
  assert.deepEqual(beside.dhcp, []);
  assert.match(beside.problems[0]?.message ?? "", /means nothing beside addresses/);
});

Deno.test("parseEntries() never has 0.0.0.0 or ::, which would mean DHCP to who gets them", () => {
  for (const text of ["0.0.0.0/8", "0.0.0.0/31", "::/64", "::/1"]) {
    const { ranges, dhcp } = parseEntries(text, { key: "k", skipEnds: false });
    assert.deepEqual([ranges.map(({ first }) => first), dhcp], [[1n], []], text);
  }
  assert.deepEqual(parseEntries("::0/128", { key: "k", skipEnds: false }).dhcp, ["IPv6"]);
});

Deno.test("parseEntries() cuts long garbage in its messages, not the remedy", () => {
  for (const text of ["x".repeat(1e6), `${"x".repeat(1e6)}/24`, `1-${"x".repeat(1e6)}`]) {
    const { problems: [problem] } = parseEntries(text, { key: "cidr-a", skipEnds: false });
    assert.match(problem?.message ?? "", /^cidr-a: entry .{20,500}: write .* 10\.0\.0\./);
  }
});
