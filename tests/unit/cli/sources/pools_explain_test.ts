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

Deno.test("explainSource() reads standard input", async () => {
  const settings = fakeSettings("pools explain", { files: ["-"], poolConfigMap: "mine" });
  const text = "kind: ConfigMap\nmetadata: {name: mine}\ndata: {cidr-global: 10.0.0.0/24}";
  const ports = explainSource({ settings, env: {} }, { stdin: () => Promise.resolve(text) });
  assert.deepEqual((await ports.objects({ signal })).data, { "cidr-global": "10.0.0.0/24" });
});
