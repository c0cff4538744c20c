import assert from "assert";
import {
  COMMAND_NAMES,
  COMMAND_WORDS,
  commandNamed,
  SECOND_WORDS,
  wordsAfter,
} from "../../../lib/cli/command_names.ts";

Deno.test("commandNamed() finds each command by its words and nothing else", () => {
  for (const name of COMMAND_NAMES) assert.equal(commandNamed(name.split(" ")), name);
  assert.equal(commandNamed(["status", "status"]), undefined);
  assert.equal(commandNamed([]), undefined);
});

Deno.test("COMMAND_WORDS and SECOND_WORDS hold the words of all names, each once", () => {
  const words = COMMAND_NAMES.map((name) => name.split(" "));
  assert.deepEqual(new Set(COMMAND_WORDS), new Set(words.map(([first]) => first)));
  assert.equal(new Set(COMMAND_WORDS).size, COMMAND_WORDS.length);
  assert.deepEqual(new Set(SECOND_WORDS), new Set(words.flatMap(([, second]) => second ?? [])));
});

Deno.test("wordsAfter() tells what may follow a first word", () => {
  for (const first of COMMAND_WORDS) {
    for (const second of wordsAfter(first)) assert.ok(commandNamed([first, second]));
  }
  assert.deepEqual(wordsAfter("version"), []);
});
