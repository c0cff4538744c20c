import assert from "assert";
import { completion } from "../../../lib/cli/completion.ts";

for (const shell of ["bash", "zsh", "fish", "pwsh", "nu"]) {
  Deno.test(`completion() writes a script for ${shell} that calls berth back`, () => {
    const result = completion([shell]);
    assert.ok(result.ok);
    assert.match(result.text, /berth/);
    assert.match(result.text, /completion/);
  });
}

const suggestions = [
  { words: ["stat"], expected: "status\n" },
  { words: ["status", "--outp"], expected: "--output\n" },
  { words: ["--no-ke"], expected: "--no-keep\n" },
  { words: ["status", ""], expected: "gateways\n" },
  { words: ["doctor", ""], expected: "\n" },
  { words: ["status", "gateways", ""], expected: "\n" },
  { words: ["help", "pools", ""], expected: "explain\n" },
  { words: ["--keep", "pools", ""], expected: "explain\n" },
];

for (const { words, expected } of suggestions) {
  Deno.test(`completion() suggests for "berth ${words.join(" ")}"`, () => {
    assert.deepEqual(completion(["bash", ...words]), { ok: true, text: expected });
  });
}

for (const words of [[], ["tcsh"], ["constructor"]]) {
  Deno.test(`completion() refuses ${JSON.stringify(words)} with the shells it knows`, () => {
    const result = completion(words);
    assert.ok(!result.ok);
    assert.match(result.issue, /use bash, zsh, fish, pwsh or nu$/);
  });
}
