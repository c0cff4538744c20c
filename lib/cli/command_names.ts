/** What berth can be told to do; `run` when nothing is said. A name may be two words. */
export const COMMAND_NAMES = [
  "run",
  "dev",
  "ipam",
  "keepalived",
  "keepalived render",
  "keepalived agent",
  "status",
  "status gateways",
  "doctor",
  "cleanup",
  "pools",
  "pools explain",
  "config",
  "list-images",
  "manifests ipam",
  "manifests keepalived",
  "version",
  "help",
  "completion",
] as const;

/** The name of a command. */
export type CommandName = typeof COMMAND_NAMES[number];

/** First words of the names, in their order. */
export const COMMAND_WORDS: readonly string[] = wordsAt(0);

/** Second words, for the names that have one. */
export const SECOND_WORDS: readonly string[] = wordsAt(1);

/** The command of that name, if there is one. */
export function commandNamed(words: readonly string[]): CommandName | undefined {
  const wanted = words.join(" ");
  return COMMAND_NAMES.find((name) => name === wanted);
}

/** Second words that may follow a first one. */
export function wordsAfter(first: string): readonly string[] {
  return COMMAND_NAMES.filter((name) => name.startsWith(`${first} `))
    .map((name) => name.slice(first.length + 1));
}

function wordsAt(place: number): readonly string[] {
  return [...new Set(COMMAND_NAMES.flatMap((name) => name.split(" ")[place] ?? []))];
}
