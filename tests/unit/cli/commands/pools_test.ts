import assert from "assert";
import { pools } from "../../../../lib/cli/commands/pools.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const row = {
  clusters: ["kind"],
  pool: "kind",
  range: "fc00::ff00-fc00::ffff",
  family: "IPv6",
  size: "256",
  used: 1,
  use: "automatic",
  nearlyFull: false,
} as const;
const overview = { pools: [row], pending: [], conflicts: [], outside: [], problems: [] };

for (const output of ["text", "json"] as const) {
  Deno.test(`pools() writes every range as ${output}`, async () => {
    const context = fakeContext("pools", { output });
    assert.equal(await pools(context, { overview: () => Promise.resolve(overview) }), 0);
    const { stdout } = context.streams;
    if (output === "json") assert.deepEqual(JSON.parse(stdout), overview);
    else assert.match(stdout, /^kind +fc00::ff00-fc00::ffff +1 +256 +automatic$/m);
  });

  Deno.test(`pools() fails as ${output} when something could not be read`, async () => {
    const context = fakeContext("pools", { output });
    const problems = ["there is no cluster nonesuch: see kind get clusters"];
    const broken = { ...overview, pools: [], problems };
    assert.equal(await pools(context, { overview: () => Promise.resolve(broken) }), 1);
    const { stdout, stderr } = context.streams;
    if (output === "json") assert.deepEqual(JSON.parse(stdout).problems, problems);
    else assert.deepEqual([stdout, stderr], ["", `error: ${problems[0]}\n`]);
  });
}

Deno.test("pools() shows who waits also where the pools themselves cannot be read", async () => {
  const context = fakeContext("pools", { kubeconfig: "x" });
  const pending = [{ service: "default/web", reason: "no pool is for it" }];
  const broken = { ...overview, pools: [], pending, problems: ["no ConfigMap: make it"] };
  assert.equal(await pools(context, { overview: () => Promise.resolve(broken) }), 1);
  const { stdout, stderr } = context.streams;
  assert.equal(stderr, "error: no ConfigMap: make it\n");
  assert.match(stdout, /^no pool: give the ConfigMap a key/);
  assert.match(stdout, /Pending:\n {2}default\/web: no pool is for it\n/);
});
