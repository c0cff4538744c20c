import assert from "assert";
import { nodeScript, readNodeFacts } from "../../../../lib/cli/sources/node_script.ts";

async function* lines(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

const answers = [
  { said: ["fwd", "end"], facts: { missing: [], fwd: true } },
  { said: ["end"], facts: { missing: [], fwd: false } },
  { said: ["missing nft", "missing perl", "end"], facts: { missing: ["nft", "perl"], fwd: false } },
  { said: ["end", "fwd"], facts: { missing: [], fwd: false } },
  { said: ["noise", "fwd"], facts: { missing: [], fwd: true } },
];

for (const { said, facts } of answers) {
  Deno.test(`readNodeFacts() of ${JSON.stringify(said)}`, async () => {
    assert.deepEqual(await readNodeFacts(lines(...said)), facts);
  });
}

Deno.test("nodeScript() only checks: nothing in it changes the node", () => {
  const script = nodeScript();
  assert.match(script, /nft -c -f -/);
  assert.doesNotMatch(script, /nft -f|ip (addr|link|route) (add|del|set)|>[^&/ ]/);
});
