import assert from "assert";
import { explainSource } from "../../../../lib/cli/sources/pools_explain.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

function source(files: readonly string[]) {
  return explainSource({ settings: fakeSettings("pools explain", { files }), env: {} });
}

const { signal } = new AbortController();

Deno.test("explainSource() reads files", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    const text = "kind: ConfigMap\nmetadata: {name: kubevip}\ndata: {cidr-global: 10.0.0.0/24}";
    await Deno.writeTextFile(file, text);
    const { data } = await source([file]).objects({ signal });
    assert.deepEqual(data, { "cidr-global": "10.0.0.0/24" });
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("explainSource() names a file that it cannot read", async () => {
  const missing = source(["/nonesuch/pools.yaml"]).objects({ signal });
  await assert.rejects(missing, /cannot read \/nonesuch\/pools\.yaml: give a readable file/);
});
