import { bash, fish, nu, pwsh, type ShellCompletion, suggestSync, zsh } from "@optique/core";
import { COMMAND_LINE } from "./args.ts";
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
    : [...known.encodeSuggestions(suggestSync(COMMAND_LINE, [first, ...more]))].join("");
  return { ok: true, text: text.endsWith("\n") ? text : `${text}\n` };
}
