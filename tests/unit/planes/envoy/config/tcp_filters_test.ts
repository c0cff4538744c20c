import assert from "assert";
import { tcpFilters } from "../../../../../lib/planes/envoy/config/tcp_filters.ts";
import { shareOf } from "../../../../fakes/route_parts.ts";
import type { Share } from "../../../../../lib/proxy/types.ts";

const missing: Share = { weight: 1, to: { status: 500 } };
const splits: readonly { split: readonly Share[]; found: unknown }[] = [
  { split: [], found: "berth-missing" },
  { split: [missing], found: "berth-missing" },
  { split: [shareOf("a"), shareOf("b", { weight: 0 })], found: "a" },
  {
    split: [shareOf("a", { weight: 2 }), missing],
    found: { clusters: [{ name: "a", weight: 2 }, { name: "berth-missing", weight: 1 }] },
  },
];

for (const { split, found } of splits) {
  Deno.test(`tcpFilters() sends ${JSON.stringify(split)} where it belongs`, () => {
    const config = configOf(split, new Set());
    assert.deepEqual(config.cluster ?? config.weighted_clusters, found);
    assert.equal(config.hash_policy, undefined);
  });
}

Deno.test("tcpFilters() hashes the client's address where a backend asks for it", () => {
  assert.deepEqual(configOf([shareOf("a")], new Set(["a"])).hash_policy, [{ source_ip: {} }]);
});

function configOf(split: readonly Share[], hashed: ReadonlySet<string>) {
  const [filter] = tcpFilters({ kind: "tcp", affinity: "none", split }, hashed);
  return JSON.parse(JSON.stringify(filter?.typed_config));
}
