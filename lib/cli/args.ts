import {
  argument,
  choice,
  formatMessage,
  type Message,
  message,
  multiple,
  negatableFlag,
  object,
  option,
  optional,
  parseSync,
  string,
  text,
} from "@optique/core";
import { COMMAND_NAMES, type CommandName } from "./command_names.ts";
import { FALSE_WORDS, type OptionSpec, sentenceList, TRUE_WORDS } from "./option_kinds.ts";
import { longFlag, OPTION_ROWS, type OptionName, type Settings } from "./options.ts";
import { type EnvironmentReader, type GivenFlags, resolveSettings } from "./settings.ts";

/** A command line that was understood. */
export interface Invocation {
  readonly command: CommandName;
  /** What follows `help`. */
  readonly topic?: CommandName;
  readonly settings: Settings;
  readonly given: readonly OptionName[];
}

/** What came of the arguments. Issues are lower-case sentences with a remedy. */
export type ArgsResult =
  | { readonly ok: true; readonly invocation: Invocation }
  | { readonly ok: false; readonly issues: readonly string[] };

/** Reads a command line; flags may stand before or after the command. */
export function parseArgs(argv: readonly string[], env: EnvironmentReader): ArgsResult {
  const parsed = parseSync(COMMAND_LINE, argv.flatMap(goSpelling));
  if (!parsed.success) return { ok: false, issues: [sentence(parsed.error)] };
  const { command = "run", topic, help, version, ...rest } = parsed.value;
  if (version === true) return invocation("version", { env, flags: {} });
  if (help === true && command !== "help") {
    return invocation("help", { env, flags: {}, topic: parsed.value.command });
  }
  if (topic !== undefined && command !== "help") {
    return { ok: false, issues: [`berth ${command} takes no argument: remove ${quoted(topic)}`] };
  }
  return invocation(command, { env, topic, flags: givenFlags(rest.options) });
}

function invocation(
  command: CommandName,
  options: {
    readonly env: EnvironmentReader;
    readonly flags: GivenFlags;
    readonly topic?: CommandName | undefined;
  },
): ArgsResult {
  const result = resolveSettings(command, options);
  if (!result.ok) return result;
  const { settings, given } = result;
  const { topic } = options;
  const base = { command, settings, given };
  return { ok: true, invocation: topic === undefined ? base : { ...base, topic } };
}

/** One optique parser per option; values stay texts until the table decodes them. */
const OPTION_PARSERS = Object.fromEntries(
  OPTION_ROWS.map(([name, spec]) => [name, optionParser(spec)]),
);

/** The grammar of the whole command line. */
export const COMMAND_LINE = object({
  command: optional(commandArgument("COMMAND")),
  topic: optional(commandArgument("TOPIC")),
  help: optional(option("-h", "--help")),
  version: optional(option("--version")),
  options: object(OPTION_PARSERS),
});

function commandArgument(metavar: "COMMAND" | "TOPIC") {
  const unknown = (input: string) =>
    message`there is no command ${input}: use ${text(sentenceList(COMMAND_NAMES))}`;
  const value = choice(COMMAND_NAMES, { metavar, errors: { invalidChoice: unknown } });
  return argument(value, { errors: { invalidValue: (error) => error } });
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
  const [, name, word = ""] = /^(--[a-z-]+)=(\w+)$/.exec(arg) ?? [];
  const isSwitch = OPTION_ROWS.some(([, spec]) =>
    spec.shape === "switch" && longFlag(spec) === name
  );
  if (name === undefined || !isSwitch) return [arg];
  if (TRUE_WORDS.includes(word)) return [name];
  return FALSE_WORDS.includes(word) ? [`--no-${name.slice(2)}`] : [arg];
}

/** Optique's message as one lower-case sentence that ends with what to do. */
function sentence(error: Message): string {
  const [fact = "", hint] = formatMessage(error, { colors: false, quotes: false })
    .replace(/\s+/g, " ").trim().split(/\. Did you mean (?:one of these\? )?/);
  const text = fact.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
  if (hint !== undefined) {
    return `${text}: did you mean ${sentenceList(hint.replace("?", "").split(" "))}?`;
  }
  if (/multiple times|together/.test(text)) return `${text}: give it once`;
  return text.startsWith("unexpected") ? `${text}: see berth help` : text;
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
