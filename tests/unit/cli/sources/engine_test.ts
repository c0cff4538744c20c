import assert from "assert";
import { engineEnv, EngineSource } from "../../../../lib/cli/sources/engine.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";

const cases = [
  { provider: "auto", expected: undefined },
  { provider: "podman", expected: "podman" },
];

for (const { provider, expected } of cases) {
  Deno.test(`engineEnv() with --provider ${provider}`, () => {
    const settings = fakeSettings("status", { provider });
    const env = engineEnv(settings, { HOME: "/h", KIND_EXPERIMENTAL_PROVIDER: "docker" });
    assert.deepEqual(env, { HOME: "/h", KIND_EXPERIMENTAL_PROVIDER: expected });
  });
}

Deno.test("survey() tells the clusters that are there, and those that are not", async () => {
  await using bed = await kindMachine();
  const survey = async (clusters: readonly string[]) => {
    await using source = await EngineSource.open(
      sourceOptions(bed, { command: "pools", changed: { clusters } }),
    );
    const { clusters: found, others, ...rest } = await source.survey();
    const names = (list: typeof found) => list.map(({ name }) => name);
    return { found: names(found), others: names(others), ...rest };
  };
  assert.deepEqual(await survey([]), {
    ...{ found: ["one"], others: [], missing: [], there: "found one" },
  });
  assert.deepEqual(await survey(["two"]), {
    ...{ found: [], others: ["one"], missing: ["two"], there: "found one" },
  });
  assert.deepEqual(await survey(["one", "two"]), {
    ...{ found: ["one"], others: [], missing: ["two"], there: "found one" },
  });
  for (const { id } of await bed.fake.containers({ labels: [] })) {
    await bed.fake.removeContainer(id);
  }
  const there = "no cluster was found, create one with kind";
  assert.deepEqual(await survey(["two"]), { found: [], others: [], missing: ["two"], there });
});
