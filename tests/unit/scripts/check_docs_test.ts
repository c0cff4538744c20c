import assert from "assert";
import { linkProblems, taskProblems, withTable } from "../../../scripts/check_docs.ts";

Deno.test("taskProblems() finds tasks that are missing on either side", () => {
  const documents = [
    {
      path: "README.md",
      text: "run `npx -y deno task dev`, `deno task test:e2e` or `deno task gone`",
    },
  ];
  assert.deepEqual(taskProblems(documents, ["dev", "test:e2e", "silent"]), [
    "README.md names the task gone, which deno.json lacks",
    "task silent of deno.json is explained in no document",
  ]);
});

Deno.test("withTable() replaces what stands between the marks, once and for all", () => {
  const text = "before\n<!-- t -->\nold\n<!-- /t -->\nafter";
  const next = withTable(text, "t", "| a |");
  assert.equal(next, "before\n<!-- t -->\n\n| a |\n\n<!-- /t -->\nafter");
  assert.equal(withTable(next ?? "", "t", "| a |"), next);
});

for (const text of ["", "<!-- t -->", "<!-- /t --> <!-- t -->"]) {
  Deno.test(`withTable() gives nothing for ${JSON.stringify(text)}`, () => {
    assert.equal(withTable(text, "t", ""), undefined);
  });
}

const links = [
  { text: "[a](ARCHITECTURE.md)", problems: 0 },
  { text: "[a](../README.md#part)", problems: 0 },
  { text: "[a](#part) [b](https://example.com/x)", problems: 0 },
  { text: "[a](GONE.md)", problems: 1 },
];

for (const { text, problems } of links) {
  Deno.test(`linkProblems() finds ${problems} in ${text}`, () => {
    const known = ["README.md", ".github/ARCHITECTURE.md"];
    const document = { path: ".github/CONTRIBUTING.md", text };
    assert.equal(linkProblems(document, (path) => known.includes(path)).length, problems);
  });
}
