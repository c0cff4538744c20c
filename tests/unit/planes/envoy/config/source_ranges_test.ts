import assert from "assert";
import { cidrRanges } from "../../../../../lib/planes/envoy/config/source_ranges.ts";

Deno.test("cidrRanges() takes both families", () => {
  assert.deepEqual(cidrRanges(["10.0.0.0/8", "fc00::/7"]), [
    { address_prefix: "10.0.0.0", prefix_len: 8 },
    { address_prefix: "fc00::", prefix_len: 7 },
  ]);
});

Deno.test("cidrRanges() refuses what is none", () => {
  assert.throws(() => cidrRanges(["10.0.0.0"]), /"10.0.0.0" is not a CIDR/);
});
