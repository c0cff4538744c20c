import assert from "assert";
import { parseArgs } from "../../../lib/cli/args.ts";
import { COMMAND_NAMES } from "../../../lib/cli/command_names.ts";
import { helpExamples, helpText, optionTerm } from "../../../lib/cli/help.ts";
import { longFlag, OPTION_ROWS, OPTIONS } from "../../../lib/cli/options.ts";

for (const topic of [undefined, ...COMMAND_NAMES]) {
  Deno.test(`helpText(${topic ?? ""}) keeps to 80 columns and shows an example`, () => {
    const lines = helpText(topic).split("\n");
    assert.deepEqual(lines.filter((line) => line.length > 80), []);
    assert.ok(lines.includes("Examples:"));
    assert.equal(lines.at(-1), "");
  });
}

Deno.test("helpText() of a word that is no command alone is that of all that begin with it", () => {
  assert.equal(
    helpText("manifests"),
    `${helpText("manifests ipam")}\n${helpText("manifests keepalived")}`,
  );
  assert.match(helpText("manifests"), /^berth manifests ipam: .*^berth manifests keepalived: /ms);
});

Deno.test("helpText() names every command", () => {
  for (const name of COMMAND_NAMES) assert.match(helpText(), new RegExp(`^  ${name} `, "m"));
});

for (const command of COMMAND_NAMES) {
  Deno.test(`helpText("${command}") lists its options and no others`, () => {
    const text = helpText(command);
    for (const [, spec] of OPTION_ROWS) {
      const listed = new RegExp(`^ .*${longFlag(spec)}( |$)`, "m").test(
        text.split("Options:")[1] ?? "",
      );
      assert.equal(listed, spec.commands.includes(command), longFlag(spec));
    }
  });
}

for (const example of helpExamples().filter((line) => line.startsWith("berth"))) {
  Deno.test(`helpExamples(): "${example}" is understood`, () => {
    const words = example.split(" | ")[0]?.split(" ").slice(1) ?? [];
    assert.ok(words[0] === "completion" || parseArgs(words, () => undefined).ok);
  });
}

Deno.test("optionTerm() aligns options without a short name", () => {
  assert.equal(optionTerm(OPTIONS.verbosity), "-v, --verbosity LEVEL");
  assert.equal(optionTerm(OPTIONS.keep), "    --keep");
});
