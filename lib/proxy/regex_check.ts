/** RE2 refuses more repetitions than this, also of nested ones taken together. */
const MAX_REPEAT = 1000;

const groupStart = /^\((?:\?(?:P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?:)|(?!\?))/;
const flagsOnly = /^\(\?[imsU]*(?:-[imsU]+)?\)/;
const repeatBraces = /^\{(\d+)(,(\d*))?\}/;
const classWord = /^\[:\^?(\w+):\]/;
const classWords = new Set(
  ("alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit").split(
    " ",
  ),
);
const plainEscape = /^\\(?:[dDsSwWbBAzCaftnrvQE]|0|[1-7][0-7]|[^A-Za-z0-9_])/s;
const hexEscape = /^\\x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})/;
const propertyEscape = /^\\[pP](?:([A-Z])|\{\^?(\w+)\})/;

/**
 * What RE2 would refuse in a pattern, as part of a sentence, or undefined. RE2 knows neither look
 * around nor back references; proxies use it so that no pattern can take exponential time.
 *
 * @example
 * ```ts
 * import { regexProblem } from "./regex_check.ts";
 * if (regexProblem("/v[12](/.*)?") !== undefined) throw new Error("fine for RE2");
 * if (regexProblem("(?=x)") === undefined) throw new Error("RE2 has no look-ahead");
 * ```
 */
export function regexProblem(pattern: string): string | undefined {
  const scanner = new Scanner(pattern);
  const found = scanner.run();
  return found === undefined
    ? undefined
    : `"${pattern}" is not a regular expression of RE2 (${found}): mend it`;
}

/** One walk over a pattern; keeps how often the last piece is repeated, nesting included. */
class Scanner {
  readonly #groups: number[] = [];
  #rest: string;
  /** Largest repetition seen in the open group. */
  #most = 1;
  /** Repetitions of the piece before the cursor; 0: there is nothing to repeat. */
  #piece = 0;
  #repeated = false;

  constructor(pattern: string) {
    this.#rest = pattern;
  }

  run(): string | undefined {
    while (this.#rest !== "") {
      const problem = this.#step(this.#rest.charAt(0));
      if (problem !== undefined) return problem;
    }
    return this.#groups.length > 0 ? "a parenthesis is not closed" : undefined;
  }

  #step(char: string): string | undefined {
    if (char === "(") return this.#open();
    if (char === ")") return this.#close();
    if (char === "[") return this.#class();
    if (char === "\\") return this.#escape();
    if (char === "*" || char === "+" || char === "?") return this.#repeat(1, 1);
    const braces = char === "{" ? repeatBraces.exec(this.#rest) : null;
    if (braces !== null) return this.#braces(braces);
    this.#rest = this.#rest.slice(1);
    this.#atom(char === "|" ? 0 : 1);
    return undefined;
  }

  #atom(piece: number): void {
    this.#piece = piece;
    this.#repeated = false;
  }

  #open(): string | undefined {
    const flags = flagsOnly.exec(this.#rest)?.[0];
    const start = flags ?? groupStart.exec(this.#rest)?.[0];
    if (start === undefined) return `"${this.#rest.slice(0, 3)}" starts no group`;
    this.#rest = this.#rest.slice(start.length);
    this.#atom(0);
    if (flags === undefined) {
      this.#groups.push(this.#most);
      this.#most = 1;
    }
    return undefined;
  }

  #close(): string | undefined {
    const outer = this.#groups.pop();
    if (outer === undefined) return "a parenthesis is not opened";
    this.#rest = this.#rest.slice(1);
    this.#atom(this.#most);
    this.#most = Math.max(outer, this.#most);
    return undefined;
  }

  #braces(match: RegExpExecArray): string | undefined {
    const [text, low = "", more, high = ""] = match;
    const least = Number(low);
    const most = more === undefined || high === "" ? least : Number(high);
    if (most < least) return `"${text}" counts down`;
    return this.#repeat(text.length, Math.max(most, 1));
  }

  #repeat(length: number, times: number): string | undefined {
    const operator = this.#rest.slice(0, length);
    if (this.#piece === 0) return `nothing to repeat before "${operator}"`;
    if (this.#repeated) return `"${operator}" repeats a repetition`;
    const total = this.#piece * times;
    if (total > MAX_REPEAT) return `more than ${MAX_REPEAT} repetitions`;
    const lazy = this.#rest.charAt(length) === "?" ? 1 : 0;
    this.#rest = this.#rest.slice(length + lazy);
    this.#piece = total;
    this.#most = Math.max(this.#most, total);
    this.#repeated = true;
    return undefined;
  }

  #escape(): string | undefined {
    if (this.#rest.startsWith("\\Q")) return this.#quoted();
    const text = escapeText(this.#rest);
    if (text === undefined) return `"${this.#rest.slice(0, 2)}" is no escape`;
    this.#rest = this.#rest.slice(text.length);
    this.#atom(1);
    return undefined;
  }

  #quoted(): undefined {
    const end = this.#rest.indexOf("\\E");
    this.#rest = end < 0 ? "" : this.#rest.slice(end + 2);
    this.#atom(1);
  }

  #class(): string | undefined {
    const found = classEnd(this.#rest);
    if ("problem" in found) return found.problem;
    this.#rest = this.#rest.slice(found.length);
    this.#atom(1);
    return undefined;
  }
}

/** The escape at the start of a text, or undefined where RE2 has none. */
function escapeText(text: string): string | undefined {
  const plain = plainEscape.exec(text) ?? hexEscape.exec(text);
  if (plain !== null) return plain[0];
  const property = propertyEscape.exec(text);
  if (property === null) return undefined;
  return isProperty(property[1] ?? property[2] ?? "") ? property[0] : undefined;
}

function isProperty(name: string): boolean {
  return ["", "Script="].some((prefix) => {
    try {
      return new RegExp(`\\p{${prefix}${name}}`, "u").flags === "u";
    } catch {
      return false; // the engine does not know it, so RE2 will not either
    }
  }) || name === "Any";
}

/** Length of the bracket expression at the start of a text. */
function classEnd(text: string): { readonly length: number } | { readonly problem: string } {
  let at = text.startsWith("[^") ? 2 : 1;
  for (let first = true; first || text.charAt(at) !== "]"; first = false) {
    const word = classWord.exec(text.slice(at));
    if (word !== null) {
      if (!classWords.has(word[1] ?? "")) return { problem: `"${word[0]}" is no class` };
      at += word[0].length;
      continue;
    }
    const low = member(text, at);
    if (low === undefined) return { problem: "a bracket is not closed or holds a bad escape" };
    at += low.length;
    if (text.charAt(at) !== "-" || text.charAt(at + 1) === "]") continue;
    const high = member(text, at + 1);
    if (high === undefined) return { problem: "a bracket is not closed or holds a bad escape" };
    if (backwards(low, high)) return { problem: `"${low}-${high}" runs backwards` };
    at += 1 + high.length;
  }
  return { length: at + 1 };
}

function member(text: string, at: number): string | undefined {
  if (at >= text.length) return undefined;
  return text.charAt(at) === "\\" ? escapeText(text.slice(at)) : text.charAt(at);
}

function backwards(low: string, high: string): boolean {
  return low.length === 1 && high.length === 1 && low > high;
}
