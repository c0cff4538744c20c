import {
  bash,
  fish,
  nu,
  pwsh,
  type ShellCompletion,
  type Suggestion,
  suggestSync,
  zsh,
} from "@optique/core";
import { COMMAND_LINE } from "./args.ts";
import { COMMAND_WORDS, wordsAfter } from "./command_names.ts";
import { sentenceList } from "./option_kinds.ts";

const SHELLS: ReadonlyMap<string, ShellCompletion> = new Map(
  Object.entries({ bash, zsh, fish, pwsh, nu }),
);

/** What `berth completion` prints, or why it cannot. */
export type CompletionResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly issue: string };

/**
 * The script of a shell; with more words (as that script calls it) the suggestions for the last.
 */
export function completion([shell, ...words]: readonly string[]): CompletionResult {
  const known = SHELLS.get(shell ?? "");
  if (shell === undefined || known === undefined) {
    const shells = sentenceList([...SHELLS.keys()]);
    return { ok: false, issue: `berth completion needs the name of a shell: use ${shells}` };
  }
  const [first, ...more] = words;
  const text = first === undefined
    ? known.generateScript("berth", ["completion", shell])
    : [...known.encodeSuggestions(suggestions([first, ...more]))].join("");
  return { ok: true, text: text.endsWith("\n") ? text : `${text}\n` };
}

/** The grammar takes any word in any place; of those, the ones that a command can have. */
function suggestions(words: readonly [string, ...string[]]): readonly Suggestion[] {
  const said = words.slice(0, -1).filter((word) => !word.startsWith("-"));
  const command = said[0] === "help" ? said.slice(1) : said;
  const found = suggestSync(COMMAND_LINE, words);
  if (command.length === 0) return found.filter((one) => isFlag(one) || isWord(one, COMMAND_WORDS));
  const next = command.length === 1 ? wordsAfter(command[0] ?? "") : [];
  return found.filter((one) => isFlag(one) || isWord(one, next));
}

function isFlag(one: Suggestion): boolean {
  return one.kind !== "literal" || one.text.startsWith("-");
}

function isWord(one: Suggestion, words: readonly string[]): boolean {
  return one.kind === "literal" && words.includes(one.text);
}
