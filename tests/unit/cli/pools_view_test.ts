import assert from "assert";
import { poolsText } from "../../../lib/cli/pools_view.ts";

Deno.test("poolsText() shows ranges and their use", () => {
  const rows = [
    {
      cluster: "kind",
      network: "kind",
      range: "172.18.255.0-172.18.255.127",
      family: "IPv4",
      size: "128",
      used: 3,
    },
  ] as const;
  assert.equal(
    poolsText(rows),
    `CLUSTER  NETWORK  RANGE                        USED  SIZE
kind     kind     172.18.255.0-172.18.255.127  3     128
`,
  );
});

Deno.test("poolsText() says when there is none", () => {
  assert.equal(poolsText([]), "no pool: no cluster was found on the network\n");
});
