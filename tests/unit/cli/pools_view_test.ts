import assert from "assert";
import { type PoolRow, poolsText } from "../../../lib/cli/pools_view.ts";

Deno.test("poolsText() shows ranges and their use", () => {
  const row = { network: "kind", clusters: ["kind"] };
  const rows: readonly PoolRow[] = [{
    ...row,
    range: "172.18.255.0-172.18.255.254",
    family: "IPv4",
    size: "255",
    used: 3,
    use: "automatic",
  }, {
    ...row,
    range: "fc00:f853:ccd:e793::-fc00:f853:ccd:e793:ffff:ffff:ffff:ffff",
    family: "IPv6",
    size: String(2n ** 64n),
    used: 0,
    use: "on request",
  }];
  assert.equal(
    poolsText(rows),
    `NETWORK  RANGE                                   USED  SIZE  USE
kind     172.18.255.0-172.18.255.254             3     255   automatic
kind     fc00:f853:ccd:e793::-                   0     2^64  on request
         fc00:f853:ccd:e793:ffff:ffff:ffff:ffff
`,
  );
});

Deno.test("poolsText() says when there is none", () => {
  assert.match(poolsText([]), /^no pool: /);
});
