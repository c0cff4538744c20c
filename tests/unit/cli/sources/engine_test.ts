import assert from "assert";
import { engineEnv } from "../../../../lib/cli/sources/engine.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

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
