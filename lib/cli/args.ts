import {
  argument,
  choice,
  formatMessage,
  type Message,
  multiple,
  negatableFlag,
  object,
  option,
  optional,
  parseSync,
  string,
} from "@optique/core";
import { findSimilar } from "@optique/core/suggestion";
import {
  COMMAND_WORDS,
  type CommandName,
  commandNamed,
  SECOND_WORDS,
  wordsAfter,
} from "./command_names.ts";
import { FALSE_WORDS, type OptionSpec, sentenceList, TRUE_WORDS } from "./option_kinds.ts";
import { siftInherited } from "./inherited_flags.ts";
import { longFlag, OPTION_ROWS, type OptionName, type Settings } from "./options.ts";
import { type EnvironmentReader, type GivenFlags, resolveSettings } from "./settings.ts";

/** A command line that was understood. */
export interface Invocation {
  readonly command: CommandName;
  /** What follows `help`: a command, or the first word of several. */
  readonly topic?: string;
  readonly settings: Settings;
  /** Flags that were accepted though they mean nothing here. */
  readonly ignored: readonly string[];
}

/** What came of the arguments. Issues are lower-case sentences with a remedy. */
export type ArgsResult =
  | { readonly ok: true; readonly invocation: Invocation }
  | { readonly ok: false; readonly issues: readonly string[] };

/** Reads a command line; flags may stand before or after the command. */
export function parseArgs(argv: readonly string[], env: EnvironmentReader): ArgsResult {
  const { args, ignored } = siftInherited(argv);
  const parsed = parseSync(COMMAND_LINE, proxySpelling(args.flatMap(goSpelling)));
  if (!parsed.success) return { ok: false, issues: [sentence(parsed.error)] };
  const { first = "run", second, third, help, version, ...rest } = parsed.value;
  const words = [first, second, third].filter((word) => word !== undefined);
  if (version === true) return invocation("version", { env, flags: {} });
  if (first === "help") return helpOn(words.slice(1), { env, flags: givenFlags(rest.options) });
  if (help === true) return helpOn(parsed.value.first === undefined ? [] : words, { env });
  const command = commandNamed(words);
  if (command === undefined) return { ok: false, issues: [noSuchCommand(words)] };
  return invocation(command, { env, flags: givenFlags(rest.options), ignored });
}

/** `config NAME` says in short `config --proxy NAME`. */
function proxySpelling(args: readonly string[]): readonly string[] {
  const at = args.indexOf("config");
  const name = args[at + 1];
  if (at < 0 || args.slice(0, at).includes("help") || name === undefined || name.startsWith("-")) {
    return args;
  }
  return [...args.slice(0, at + 1), "--proxy", ...args.slice(at + 1)];
}

function helpOn(
  words: readonly string[],
  { env, flags = {} }: { readonly env: EnvironmentReader; readonly flags?: GivenFlags },
): ArgsResult {
  const topic = words.length === 0 ? undefined : words.join(" ");
  // the first word of longer names stands for all of them
  const known = topic === undefined || commandNamed(words) !== undefined ||
    wordsAfter(topic).length > 0;
  if (!known) return { ok: false, issues: [noSuchCommand(words)] };
  return invocation("help", { env, flags, topic });
}

function noSuchCommand([first = "", ...more]: readonly string[]): string {
  if (!COMMAND_WORDS.includes(first)) {
    const similar = sentenceList(findSimilar(first, COMMAND_WORDS));
    const hint = similar === "" ? `use ${sentenceList(COMMAND_WORDS)}` : `did you mean ${similar}?`;
    return `there is no command ${first}: ${hint}`;
  }
  const known = wordsAfter(first);
  const [second] = more;
  if (known.length > 0 && second === undefined) {
    return `berth ${first} alone does nothing: add ${sentenceList(known)}`;
  }
  if (known.length > 0 && second !== undefined && !known.includes(second)) {
    const similar = findSimilar(second, known).map((word) => `${first} ${word}`);
    const hint = similar.length === 0
      ? `use berth ${first} with ${sentenceList(known)}`
      : `did you mean ${sentenceList(similar)}?`;
    return `there is no command ${first} ${second}: ${hint}`;
  }
  const taken = commandNamed([first, ...more.slice(0, -1)]) ?? first;
  return `berth ${taken} takes no argument: remove ${quoted(more.at(-1) ?? "")}`;
}

function invocation(
  command: CommandName,
  options: {
    readonly env: EnvironmentReader;
    readonly flags: GivenFlags;
    readonly topic?: string | undefined;
    readonly ignored?: readonly string[];
  },
): ArgsResult {
  const result = resolveSettings(command, options);
  if (!result.ok) return result;
  const { topic, ignored = [] } = options;
  const base = { command, settings: result.settings, ignored };
  return { ok: true, invocation: topic === undefined ? base : { ...base, topic } };
}

/** One optique parser per option; values stay texts until the table decodes them. */
const OPTION_PARSERS = Object.fromEntries(
  OPTION_ROWS.map(([name, spec]) => [name, optionParser(spec)]),
);

/** The grammar of the whole command line. */
export const COMMAND_LINE = object({
  first: optional(commandArgument("COMMAND", COMMAND_WORDS)),
  second: optional(commandArgument("TOPIC", [...COMMAND_WORDS, ...SECOND_WORDS])),
  third: optional(commandArgument("SUBTOPIC", [...COMMAND_WORDS, ...SECOND_WORDS])),
  help: optional(option("-h", "--help")),
  version: optional(option("--version")),
  options: object(OPTION_PARSERS),
});

function commandArgument(
  metavar: "COMMAND" | "TOPIC" | "SUBTOPIC",
  words: readonly string[],
) {
  const known = choice([...new Set(words)], { metavar });
  // one that is no command is told of later, together with those before it
  return argument({ ...known, parse: (input: string) => ({ success: true, value: input }) });
}

function optionParser(spec: OptionSpec<unknown>) {
  const [first = "--", ...more] = spec.flags;
  if (spec.shape === "switch") {
    return optional(
      negatableFlag({ positive: [first, ...more], negative: `--no-${longFlag(spec).slice(2)}` }),
    );
  }
  const metavar = spec.metavar === "" ? "VALUE" : spec.metavar;
  const value = option(first, ...more, string({ metavar: metavar as "VALUE" }));
  return spec.shape === "list" ? multiple(value) : optional(value);
}

function givenFlags(values: Readonly<Record<string, unknown>>): GivenFlags {
  const given: Partial<Record<OptionName, readonly string[]>> = {};
  for (const [name] of OPTION_ROWS) {
    const value = values[name];
    const texts = Array.isArray(value)
      ? value.map(String)
      : value === undefined
      ? []
      : [`${value}`];
    if (texts.length > 0) given[name] = texts;
  }
  return given;
}

/** Programs written in Go also take `-v=4`, `-v4` and `--switch=false`; so do we. */
function goSpelling(arg: string): readonly string[] {
  const verbosity = /^-v=?(\d+)$/.exec(arg)?.[1];
  if (verbosity !== undefined) return ["-v", verbosity];
  const [, name, word = ""] = /^(--[A-Za-z-]+)=(\w+)$/.exec(arg) ?? [];
  if (name === undefined || !isSwitch(name)) return [arg];
  if (TRUE_WORDS.includes(word)) return [name];
  return FALSE_WORDS.includes(word) ? [`--no-${name.slice(2)}`] : [arg];
}

function isSwitch(flag: string): boolean {
  return OPTION_ROWS.some(([, spec]) => spec.shape === "switch" && longFlag(spec) === flag);
}

/** Optique's message as one lower-case sentence that ends with what to do. */
function sentence(error: Message): string {
  const [fact = "", hint] = formatMessage(error, { colors: false, quotes: false })
    .replace(/\s+/g, " ").trim().split(/\. Did you mean (?:one of these\? )?/);
  const text = fact.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  const [, flag, value] = /^flag (--\S+) does not accept a value, but got: (.*)$/.exec(text) ?? [];
  if (flag !== undefined && isSwitch(flag)) {
    return `${flag} cannot be ${quoted(value ?? "")}: use true or false`;
  }
  const near = hint === undefined ? [] : nearest(text, hint.replace("?", "").split(" "));
  if (near.length > 0) return `${text}: did you mean ${sentenceList(near)}?`;
  if (/multiple times|together/.test(text)) return `${text}: give it once`;
  return text.startsWith("unexpected") ? `${text}: see berth help` : text;
}

/** Flags that a slip of the finger explains: the dashes, which all of them have, do not count. */
function nearest(text: string, flags: readonly string[]): readonly string[] {
  const word = (/-+(\S+)$/.exec(text)?.[1] ?? "").split("=")[0] ?? "";
  return flags.filter((flag) => {
    const candidate = flag.replace(/^-+/, "");
    return findSimilar(word, [candidate], { maxDistanceRatio: 0.45 }).length > 0;
  });
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
