import assert from "assert";
import { parse } from "yaml";
import { withContext } from "../../../../lib/cli/sources/status.ts";
import { AppError } from "../../../../lib/core/mod.ts";

const config = `
apiVersion: v1
kind: Config
contexts:
- name: a
  context: { cluster: ca, user: ua }
- name: b
  context: { cluster: cb, user: ub }
current-context: a
`;

const good = [
  { wanted: undefined, context: "a" },
  { wanted: "a", context: "a" },
  { wanted: "b", context: "b" },
];

for (const { wanted, context } of good) {
  Deno.test(`withContext() with ${wanted ?? "no wish"} uses ${context}`, () => {
    const result = withContext(config, wanted);
    assert.equal(result.context, context);
    assert.deepEqual(parse(result.text), { ...parse(config), "current-context": context });
  });
}

const bad = [
  {
    name: "an unknown context",
    text: config,
    wanted: "c",
    message: /context c: .*\(it has a, b\)/,
  },
  { name: "an empty text", text: "", wanted: undefined, message: /\(it has none\)/ },
  { name: "a list", text: "- a", wanted: undefined, message: /\(it has none\)/ },
  {
    name: "no current context",
    text: config.replace("current-context: a", ""),
    wanted: undefined,
    message: /give --context \(it has a, b\)/,
  },
];

for (const { name, text, wanted, message } of bad) {
  Deno.test(`withContext() refuses ${name}`, () => {
    assert.throws(() => withContext(text, wanted), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.kind, "invalid");
      assert.match(error.message, message);
      return true;
    });
  });
}
