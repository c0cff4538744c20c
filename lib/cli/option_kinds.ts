import type { CommandName } from "./command_names.ts";
import { durationMs } from "./go_duration.ts";

/** A decoded value, or what would have been accepted: `auto, kernel or embedded`. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expects: string };

/** One row of the options table: a setting with its flags, variables, default and meaning. */
export interface OptionSpec<T> extends OptionMeaning {
  /** `switch` takes no value on the command line, `list` may be repeated. */
  readonly shape: "value" | "switch" | "list";
  /** Name of the value in help texts; empty for switches. */
  readonly metavar: string;
  readonly default: T;
  /** Reads one or, for lists, all values. */
  decode(texts: readonly string[]): Decoded<T>;
}

/** The part of an option that does not depend on its type. */
export interface OptionMeaning {
  /** Long name last: `["-v", "--verbosity"]`. */
  readonly flags: readonly Flag[];
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  readonly doc: string;
  /** Commands that take it; others refuse the flag. */
  readonly commands: readonly CommandName[];
}

/** A flag's spelling. */
export type Flag = `-${string}`;

/** One value out of a closed set. */
export function choice<const T extends string>(
  values: readonly T[],
  options: OptionMeaning & { readonly default: NoInfer<T>; readonly metavar: string },
): OptionSpec<T> {
  return {
    ...options,
    shape: "value",
    decode([text = ""]) {
      const value = values.find((known) => known === text);
      return value === undefined
        ? { ok: false, expects: `use ${sentenceList(values)}` }
        : { ok: true, value };
    },
  };
}

/** Any text that is not empty; `undefined` when not given. */
export function text<T extends string | undefined>(
  options: OptionMeaning & { readonly default: T; readonly metavar: string },
): OptionSpec<T | string> {
  return {
    ...options,
    shape: "value",
    decode: ([value = ""]) =>
      value.trim() === ""
        ? { ok: false, expects: `give ${withArticle(options.metavar.toLowerCase())}` }
        : { ok: true, value },
  };
}

/** A whole number within bounds, both included. */
export function count(
  bounds: { readonly min: number; readonly max: number },
  options: OptionMeaning & { readonly default: number; readonly metavar: string },
): OptionSpec<number> {
  return {
    ...options,
    shape: "value",
    decode([value = ""]) {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
      return number >= bounds.min && number <= bounds.max
        ? { ok: true, value: number }
        : { ok: false, expects: `use a whole number from ${bounds.min} to ${bounds.max}` };
    },
  };
}

/** A length of time as Go programs spell it: `15s`, `1m30s`. Kept as text. */
export function duration(
  options: OptionMeaning & { readonly default: string; readonly metavar: string },
): OptionSpec<string> {
  return {
    ...options,
    shape: "value",
    decode([value = ""]) {
      return (durationMs(value) ?? 0) > 0
        ? { ok: true, value }
        : { ok: false, expects: "use a duration like 15s or 1m30s" };
    },
  };
}

/** A switch: `--x`, `--no-x`, and as Go programs spell it, `--x=true` and `--x=false`. */
export function onOff(options: OptionMeaning & { readonly default: boolean }): OptionSpec<boolean> {
  return {
    ...options,
    shape: "switch",
    metavar: "",
    decode([value = ""]) {
      if (TRUE_WORDS.includes(value)) return { ok: true, value: true };
      if (FALSE_WORDS.includes(value)) return { ok: true, value: false };
      return { ok: false, expects: "use true or false" };
    },
  };
}

/** Names given by repeating the flag, or comma-separated in the variable. */
export function names(
  options: OptionMeaning & { readonly metavar: string },
): OptionSpec<readonly string[]> {
  return {
    ...options,
    shape: "list",
    default: [],
    decode(texts) {
      const value = texts.flatMap((part) => part.split(",")).map((part) => part.trim());
      return value.every((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
        ? { ok: true, value }
        : { ok: false, expects: "use lower-case letters, digits, dots and dashes" };
    },
  };
}

/** Texts given by repeating the flag; any that is not empty. */
export function texts(
  options: OptionMeaning & { readonly metavar: string },
): OptionSpec<readonly string[]> {
  return {
    ...options,
    shape: "list",
    default: [],
    decode: (values) =>
      values.every((value) => value.trim() !== "")
        ? { ok: true, value: values }
        : { ok: false, expects: `give a ${options.metavar.toLowerCase()}` },
  };
}

/** Words that Go's flag packages take as true. */
export const TRUE_WORDS: readonly string[] = ["true", "1", "t", "T", "TRUE", "True"];

/** Words that Go's flag packages take as false. */
export const FALSE_WORDS: readonly string[] = ["false", "0", "f", "F", "FALSE", "False"];

/** `a, b or c`. */
export function sentenceList(values: readonly string[]): string {
  const last = values.at(-1) ?? "";
  return values.length < 2 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
