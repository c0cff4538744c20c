import { longFlag, OPTION_ROWS, type OptionName, type Settings } from "./options.ts";
import type { CommandName } from "./command_names.ts";
import type { OptionSpec } from "./option_kinds.ts";

/** Texts given on the command line, by option; absent when the flag was not used. */
export type GivenFlags = Readonly<Partial<Record<OptionName, readonly string[]>>>;

/** Reads one environment variable. */
export type EnvironmentReader = (name: string) => string | undefined;

/** Settings, or everything that is wrong. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly issues: readonly string[] };

interface Source {
  /** The flag or variable, as the person wrote it. */
  readonly name: string;
  readonly texts: readonly string[];
}

/** Merges flags over variables over defaults, for one command; reports every problem at once. */
export function resolveSettings(
  command: CommandName,
  sources: { readonly flags: GivenFlags; readonly env: EnvironmentReader },
): SettingsResult {
  const values: Partial<Record<OptionName, unknown>> = {};
  const issues: string[] = [];
  for (const [name, spec] of OPTION_ROWS) {
    values[name] = spec.default;
    const flag = sources.flags[name];
    if (flag !== undefined && !spec.commands.includes(command)) {
      issues.push(misplaced(spec, command));
      continue;
    }
    const source = spec.commands.includes(command)
      ? findSource(spec, flag, sources.env)
      : undefined;
    if (source === undefined) continue;
    const decoded = spec.decode(source.texts);
    if (decoded.ok) values[name] = decoded.value;
    else issues.push(`${source.name} cannot be ${quote(source.texts)}: ${decoded.expects}`);
  }
  if (issues.length > 0) return { ok: false, issues };
  // every row of the table has been filled from its own spec
  return { ok: true, settings: values as Settings };
}

function findSource(
  spec: OptionSpec<unknown>,
  flag: readonly string[] | undefined,
  env: EnvironmentReader,
): Source | undefined {
  if (flag !== undefined) return { name: longFlag(spec), texts: flag };
  for (const name of spec.env) {
    const value = env(name);
    // an empty variable counts as unset, as in every shell script
    if (value !== undefined && value !== "") return { name, texts: [value] };
  }
  return undefined;
}

function misplaced(spec: OptionSpec<unknown>, command: CommandName): string {
  return `${longFlag(spec)} is no option of berth ${command}: it belongs to ${
    spec.commands.map((name) => `berth ${name}`).join(", ")
  }`;
}

function quote(texts: readonly string[]): string {
  return JSON.stringify(texts.join(","));
}
