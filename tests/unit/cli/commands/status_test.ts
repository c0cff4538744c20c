import assert from "assert";
import { status } from "../../../../lib/cli/commands/status.ts";
import type { ClusterReading } from "../../../../lib/cli/status_view.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const ports = (readings: readonly ClusterReading[]) => ({
  readings: () => Promise.resolve(readings),
  now: () => 0,
});
const fine: ClusterReading = { cluster: "kind", services: [] };
const broken: ClusterReading = { cluster: "bad", error: "no answer" };

const cases = [
  { name: "no cluster", readings: [], code: 0 },
  { name: "a cluster", readings: [fine], code: 0 },
  { name: "one cluster of two that cannot be read", readings: [fine, broken], code: 0 },
  { name: "no cluster that can be read", readings: [broken], code: 1 },
];

for (const { name, readings, code } of cases) {
  Deno.test(`status() exits with ${code} for ${name}`, async () => {
    assert.equal(await status(fakeContext("status"), ports(readings)), code);
  });
}

Deno.test("status() writes JSON on request, errors included", async () => {
  const context = fakeContext("status", { output: "json" });
  await status(context, ports([broken]));
  assert.deepEqual(JSON.parse(context.streams.stdout), {
    clusters: [{ cluster: "bad", error: "no answer", services: [] }],
  });
});
