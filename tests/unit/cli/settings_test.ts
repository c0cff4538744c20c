import assert from "assert";
import { resolveSettings } from "../../../lib/cli/settings.ts";

const env = (values: Readonly<Record<string, string>>) => (name: string) => values[name];

Deno.test("resolveSettings() puts flags over variables over defaults", () => {
  const result = resolveSettings("run", {
    flags: { plane: ["kernel"] },
    env: env({ BERTH_PLANE: "embedded", BERTH_WORKERS: "5" }),
  });
  assert.ok(result.ok);
  assert.equal(result.settings.plane, "kernel");
  assert.equal(result.settings.workers, 5);
  assert.equal(result.settings.keep, false);
});

Deno.test("resolveSettings() takes the first variable that is set", () => {
  const both = { BERTH_NETWORK: "ours", KIND_EXPERIMENTAL_DOCKER_NETWORK: "theirs" };
  const cases = [
    { variables: both, expected: "ours" },
    { variables: { KIND_EXPERIMENTAL_DOCKER_NETWORK: "theirs" }, expected: "theirs" },
    {
      variables: { BERTH_NETWORK: "", KIND_EXPERIMENTAL_DOCKER_NETWORK: "theirs" },
      expected: "theirs",
    },
  ];
  for (const { variables, expected } of cases) {
    const result = resolveSettings("run", { flags: {}, env: env(variables) });
    assert.ok(result.ok);
    assert.equal(result.settings.network, expected);
  }
});

Deno.test("resolveSettings() splits lists in variables and repeats in flags", () => {
  const fromEnv = resolveSettings("run", { flags: {}, env: env({ BERTH_CLUSTERS: "a, b" }) });
  const fromFlags = resolveSettings("run", { flags: { clusters: ["a", "b"] }, env: env({}) });
  assert.ok(fromEnv.ok && fromFlags.ok);
  assert.deepEqual(fromEnv.settings.clusters, ["a", "b"]);
  assert.deepEqual(fromFlags.settings.clusters, ["a", "b"]);
});

Deno.test("resolveSettings() names the variable in the problem, and reports all of them", () => {
  const result = resolveSettings("run", {
    flags: { plane: ["x"] },
    env: env({ BERTH_WORKERS: "many", BERTH_KEEP: "maybe" }),
  });
  assert.ok(!result.ok);
  assert.deepEqual(result.issues, [
    `--plane cannot be "x": use auto, kernel, envoy or embedded`,
    `BERTH_WORKERS cannot be "many": use a whole number from 1 to 64`,
    `BERTH_KEEP cannot be "maybe": use true or false`,
  ]);
});

Deno.test("resolveSettings() ignores variables of other commands", () => {
  const result = resolveSettings("status", { flags: {}, env: env({ BERTH_WORKERS: "many" }) });
  assert.ok(result.ok);
  assert.equal(result.settings.workers, 1);
});
