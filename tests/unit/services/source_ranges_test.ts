import assert from "assert";
import fc from "fast-check";
import { sourceRanges, sourceRangesAnnotation } from "../../../lib/services/mod.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const spec = (...loadBalancerSourceRanges: string[]): ServiceChange => ({
  spec: { loadBalancerSourceRanges },
});
const annotation = (value: string): ServiceChange => ({
  annotations: { [sourceRangesAnnotation]: value },
});
const open = { ranges: [], closed: false };
const closed = { ranges: [], closed: true };

Deno.test("sourceRanges() gives each family its own ranges", () => {
  const mixed = spec("fc00::/7", "10.0.0.0/8", "192.168.1.7/32");
  const cases: readonly (readonly [string, ServiceChange, unknown, unknown])[] = [
    ["none", {}, open, open],
    ["an empty list", spec(), open, open],
    ["IPv4 alone", spec("10.0.0.0/8"), { ranges: ["10.0.0.0/8"], closed: false }, closed],
    ["IPv6 alone", spec("fc00::/7"), closed, { ranges: ["fc00::/7"], closed: false }],
    [
      "both",
      mixed,
      { ranges: ["10.0.0.0/8", "192.168.1.7/32"], closed: false },
      { ranges: ["fc00::/7"], closed: false },
    ],
    ["all of IPv4", spec("0.0.0.0/0", "10.0.0.0/8"), open, closed],
    ["all of both", spec("0.0.0.0/0", "::/0"), open, open],
    [
      "host bits, blanks and repeats",
      spec(" 10.1.2.3/8", "10.0.0.0/8 "),
      { ranges: ["10.0.0.0/8"], closed: false },
      closed,
    ],
    [
      "the annotation",
      annotation(" 10.0.0.0/8 , fc00::/7,"),
      { ranges: ["10.0.0.0/8"], closed: false },
      { ranges: ["fc00::/7"], closed: false },
    ],
    ["an empty annotation", annotation(" "), open, open],
    [
      "the field before the annotation",
      { ...annotation("192.0.2.0/24"), ...spec("10.0.0.0/8") },
      { ranges: ["10.0.0.0/8"], closed: false },
      closed,
    ],
  ];
  for (const [what, change, ipv4, ipv6] of cases) {
    assert.deepEqual(sourceRanges(lbService(change), "IPv4"), ipv4, `${what}, IPv4`);
    assert.deepEqual(sourceRanges(lbService(change), "IPv6"), ipv6, `${what}, IPv6`);
  }
});

Deno.test("sourceRanges() refuses a malformed range of any family, naming where it stands", () => {
  const remedy = "is not a CIDR: write it like 10.0.0.0/8 or fc00::/7";
  const cases: readonly (readonly [ServiceChange, string])[] = [
    [spec("10.0.0.0/33"), `spec.loadBalancerSourceRanges: "10.0.0.0/33" ${remedy}`],
    [spec("10.0.0.0/8", "10.0.0.1"), `spec.loadBalancerSourceRanges: "10.0.0.1" ${remedy}`],
    [spec("0.0.0.0/0", "nonsense"), `spec.loadBalancerSourceRanges: "nonsense" ${remedy}`],
    [spec(""), `spec.loadBalancerSourceRanges: "" ${remedy}`],
    [
      annotation("10.0.0.0/8;fc00::/7"),
      `annotation ${sourceRangesAnnotation}: "10.0.0.0/8;fc00::/7" ${remedy}`,
    ],
  ];
  for (const [change, message] of cases) {
    for (const family of ["IPv4", "IPv6"] as const) {
      const read = () => sourceRanges(lbService(change), family);
      assert.throws(read, { name: "AppError", kind: "invalid", message });
    }
  }
});

Deno.test("sourceRanges() never opens what a Service closes, in whatever order it is written", () => {
  const texts = fc.constantFrom("10.0.0.0/8", "192.168.0.0/16", "fc00::/7", "2001:db8::/32");
  fc.assert(fc.property(fc.array(texts, { minLength: 1 }), (ranges) => {
    for (const family of ["IPv4", "IPv6"] as const) {
      const found = sourceRanges(lbService(spec(...ranges)), family);
      assert.equal(found.closed, found.ranges.length === 0);
      assert.deepEqual(found, sourceRanges(lbService(spec(...ranges.toReversed())), family));
    }
  }));
});
