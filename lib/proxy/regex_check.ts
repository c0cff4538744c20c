import { readClass } from "./regex_class.ts";
import { readEscape } from "./regex_escape.ts";
import { RegexReader, RegexRefusal } from "./regex_reader.ts";

/** Longest expression that is accepted; the Gateway API's own limit for paths and headers. */
const MAX_LENGTH = 4096;

/** RE2's limit for `{n}`, also of nested ones together. */
const MAX_REPEAT = 1000;

/** Far below RE2's own limit of 1000. */
const MAX_DEPTH = 100;

/** What is known about a part of an expression. */
interface Part {
  /** About as many instructions as RE2 needs for it. */
  readonly size: number;
  /** Largest product of nested `{n}` in it. */
  readonly repeat: number;
}

/**
 * What RE2 would refuse in a pattern, as part of a sentence, or undefined. RE2 knows neither look
 * around nor back references; proxies use it so that no pattern can take exponential time. In doubt
 * a pattern is refused: better one of them than a whole proxy.
 *
 * @example
 * ```ts
 * import { regexProblem } from "./regex_check.ts";
 * if (regexProblem("/v[12](/.*)?") !== undefined) throw new Error("fine for RE2");
 * if (regexProblem("(?=x)") === undefined) throw new Error("RE2 has no look-ahead");
 * ```
 */
export function regexProblem(pattern: string): string | undefined {
  const found = refusal(pattern);
  return found === undefined
    ? undefined
    : `"${pattern}" is not a regular expression of RE2 (${found}): mend it`;
}

/** About as many instructions as RE2 needs for a pattern, of some 7 bytes; 0 for a refused one. */
export function regexSize(pattern: string): number {
  const read = readPattern(pattern);
  return typeof read === "string" ? 0 : read.size;
}

/** Most that {@link regexSize} is. */
export const MAX_REGEX_SIZE = 50_000; // RE2 gives up above some 87,000 instructions

function refusal(pattern: string): string | undefined {
  const read = readPattern(pattern);
  return typeof read === "string" ? read : undefined;
}

/** What a pattern is, or why it is refused. */
function readPattern(pattern: string): Part | string {
  if (pattern.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (!pattern.isWellFormed()) return "it is not Unicode text";
  try {
    const reader = new RegexReader(pattern);
    const whole = alternatives(reader, 0);
    if (!reader.done) return "a parenthesis is not opened";
    return whole.size > MAX_REGEX_SIZE ? "it is too large, repeat less" : whole;
  } catch (error) {
    if (error instanceof RegexRefusal) return error.message;
    throw error;
  }
}

function alternatives(reader: RegexReader, depth: number): Part {
  if (depth > MAX_DEPTH) throw new RegexRefusal("its parentheses are nested too deeply");
  let whole = sequence(reader, depth);
  while (reader.take("|")) whole = both(whole, sequence(reader, depth));
  return whole;
}

function sequence(reader: RegexReader, depth: number): Part {
  let whole: Part = { size: 1, repeat: 1 };
  while (!reader.done && !reader.sees("|") && !reader.sees(")")) {
    whole = both(whole, repetition(reader, atom(reader, depth)));
  }
  return whole;
}

function both(first: Part, second: Part): Part {
  return {
    size: first.size + second.size,
    repeat: Math.max(first.repeat, second.repeat),
  };
}

function atom(reader: RegexReader, depth: number): Part {
  if (reader.match(/[*+?]/y) !== undefined || reader.match(COUNT) !== undefined) {
    throw new RegexRefusal("a repetition has nothing to repeat");
  }
  if (reader.take("(")) return group(reader, depth);
  if (reader.take("[")) return { size: readClass(reader), repeat: 1 };
  if (reader.take("\\")) return { size: readEscape(reader).size, repeat: 1 };
  return { size: reader.next() === "." ? 12 : 4, repeat: 1 };
}

function group(reader: RegexReader, depth: number): Part {
  if (reader.take("?")) {
    const flags = reader.match(/(?!-?[:)])[imsU]*(?:-[imsU]+)?([:)])|:/y);
    const name = flags === undefined ? reader.match(/P?<(\w+)>/y)?.[1] : undefined;
    if (flags === undefined && name === undefined) {
      throw new RegexRefusal("RE2 knows no such group (look-around, atomic, conditional)");
    }
    if (name !== undefined) reader.define(name);
    // flags alone: they hold for what follows
    if (flags?.[1] === ")") return flagsAlone(reader);
  }
  const inner = alternatives(reader, depth + 1);
  if (!reader.take(")")) throw new RegexRefusal("a parenthesis is not closed");
  return { size: inner.size + 2, repeat: inner.repeat };
}

function flagsAlone(reader: RegexReader): Part {
  if (reader.match(/[*+?]/y) !== undefined || reader.match(COUNT) !== undefined) {
    throw new RegexRefusal("a repetition has nothing to repeat");
  }
  return { size: 1, repeat: 1 };
}

const COUNT = /\{(\d+)(,(\d*))?\}/y;

function repetition(reader: RegexReader, part: Part): Part {
  const repeated = reader.match(/[*+?]/y) === undefined
    ? counted(reader, part)
    : { ...part, size: part.size + 2 };
  if (repeated === undefined) return part;
  reader.take("?");
  if (reader.match(/[*+?]/y) !== undefined || reader.match(COUNT) !== undefined) {
    throw new RegexRefusal("a repetition follows another one: put the first in parentheses");
  }
  return repeated;
}

function counted(reader: RegexReader, part: Part): Part | undefined {
  const found = reader.match(COUNT);
  if (found === undefined) return undefined;
  const least = Number(found[1]);
  const most = found[3] === undefined || found[3] === "" ? least : Number(found[3]);
  if (least > most) throw new RegexRefusal(`${found[0]} counts down`);
  const repeat = part.repeat * Math.max(1, most);
  if (most > MAX_REPEAT || least > MAX_REPEAT || repeat > MAX_REPEAT) {
    throw new RegexRefusal(`${found[0]} repeats more than ${MAX_REPEAT} times`);
  }
  return { size: (part.size + 1) * Math.max(1, most) + 2, repeat };
}
