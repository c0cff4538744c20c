import assert from "assert";
import { pools } from "../../../../lib/cli/commands/pools.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const row = {
  clusters: ["kind"],
  network: "kind",
  range: "fc00::ff00-fc00::ffff",
  family: "IPv6",
  size: "256",
  used: 1,
  use: "automatic",
} as const;

for (const output of ["text", "json"] as const) {
  Deno.test(`pools() writes every range as ${output}`, async () => {
    const context = fakeContext("pools", { output });
    assert.equal(await pools(context, { pools: () => Promise.resolve([row]) }), 0);
    const { stdout } = context.streams;
    if (output === "json") assert.deepEqual(JSON.parse(stdout), { pools: [row] });
    else assert.match(stdout, /^kind +fc00::ff00-fc00::ffff +1 +256 +automatic$/m);
  });
}
