import { type RegexReader, RegexRefusal } from "./regex_reader.ts";

/** What an escape stands for. */
export interface Escape {
  /** About as many instructions as RE2 needs for it. */
  readonly size: number;
  /** The one character that it stands for; absent where it stands for more or for a place. */
  readonly code?: number;
}

/** Categories that RE2 knows; scripts are asked of the regular expressions at hand. */
const CATEGORIES = new Set(
  ("Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm " +
    "So Z Zl Zp Zs").split(" "),
);

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Reads what follows a backslash, outside of brackets. */
export function readEscape(reader: RegexReader): Escape {
  if (reader.match(/[bBAz]/y) !== undefined) return { size: 1 };
  if (reader.match(/C/y) !== undefined) return { size: 1 };
  const quoted = reader.match(/Q([^]*?)(?:\\E|$)/y);
  if (quoted !== undefined) return { size: 4 * (quoted[1]?.length ?? 0) + 1 };
  return readCharacterEscape(reader);
}

/** Reads what follows a backslash, within brackets or without. */
export function readCharacterEscape(reader: RegexReader): Escape {
  if (reader.match(/[dswDSW]/y) !== undefined) return { size: 12 };
  const property = reader.match(/[pP](?:\{\^?(\w+)\}|(\w))/y);
  if (property !== undefined) return known(property[1] ?? property[2] ?? "");
  const hex = reader.match(/x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/y);
  if (hex !== undefined) return character(Number.parseInt(hex[1] ?? hex[2] ?? "", 16));
  const octal = reader.match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
  if (octal !== undefined) return character(Number.parseInt(octal[0], 8));
  const sign = reader.next();
  if (Object.hasOwn(CONTROLS, sign)) return { size: 1, code: CONTROLS[sign] ?? 0 };
  if (/[!-/:-@[-`{-~ ]/.test(sign)) return character(sign.codePointAt(0) ?? 0);
  throw new RegexRefusal(`RE2 knows no \\${sign}`);
}

function known(name: string): Escape {
  if (CATEGORIES.has(name) || isScript(name)) return { size: 40 };
  throw new RegexRefusal(`RE2 knows no \\p{${name}}`);
}

function isScript(name: string): boolean {
  if (!/^[A-Z][A-Za-z_]{2,}$/.test(name)) return false;
  try {
    return new RegExp(`\\p{Script=${name}}`, "u").unicode;
  } catch {
    return false; // the engine throws for unknown names
  }
}

function character(code: number): Escape {
  if (code > 0xff) throw new RegexRefusal("Envoy knows characters by \\x up to \\xFF alone");
  return { size: 4, code };
}
