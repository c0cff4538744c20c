import assert from "assert";
import { udpFilter } from "../../../../../lib/planes/envoy/config/udp_filters.ts";
import { shareOf, udpPort } from "../../../../fakes/route_parts.ts";

Deno.test("udpFilter() sends every datagram to the cluster", () => {
  const { matcher, hash_policies } = configOf([], false);
  assert.equal(matcher.on_no_match.action.typed_config.cluster, "udp");
  assert.equal(hash_policies, undefined);
});

Deno.test("udpFilter() drops what is outside of the source ranges", () => {
  const { matcher } = configOf(["10.0.0.0/8"], false);
  assert.equal(matcher.on_no_match, undefined);
  const [range] = matcher.matcher_tree.custom_match.typed_config.range_matchers;
  assert.deepEqual(range.ranges, [{ address_prefix: "10.0.0.0", prefix_len: 8 }]);
  assert.equal(range.on_match.action.typed_config.cluster, "udp");
});

Deno.test("udpFilter() hashes the client's address", () => {
  assert.deepEqual(configOf([], true).hash_policies, [{ source_ip: true }]);
});

function configOf(sourceRanges: readonly string[], hashed: boolean) {
  const filter = udpFilter(udpPort([shareOf("a")], { sourceRanges }), "udp", hashed);
  return JSON.parse(JSON.stringify(filter)).typed_config;
}
