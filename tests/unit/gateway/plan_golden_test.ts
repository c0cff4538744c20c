import assert from "assert";
import { stringify } from "yaml";
import { planGateway } from "../../../lib/gateway/plan.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { planText } from "../../fakes/gateway_text.ts";

/** Rewrite the expected files with: deno test -A tests/unit/gateway -- --update */
const UPDATES = Deno.args.includes("--update");
const FOLDER = new URL("../../testdata/gateway/", import.meta.url);

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const name of names.filter((one) => one.endsWith(".in.yaml"))) {
  Deno.test(`planGateway() plans what ${name} expects`, async () => {
    const golden = new URL(name.replace(".in.yaml", ".out.yaml"), FOLDER);
    const input = gatewayInput(await Deno.readTextFile(new URL(name, FOLDER)));
    const text = stringify(planText(planGateway(input)), {
      lineWidth: 100,
      aliasDuplicateObjects: false,
    });
    if (UPDATES) await Deno.writeTextFile(golden, text);
    assert.equal(text, await Deno.readTextFile(golden));
  });
}

Deno.test("planGateway() has no expectations without input", () => {
  const stale = names.filter((name) =>
    name.endsWith(".out.yaml") && !names.includes(name.replace(".out.yaml", ".in.yaml"))
  );
  assert.deepEqual(stale, []);
});
