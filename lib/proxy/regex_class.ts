import { type Escape, readCharacterEscape } from "./regex_escape.ts";
import { type RegexReader, RegexRefusal } from "./regex_reader.ts";

const POSIX = /\[:\^?(\w+):\]/y;

const POSIX_NAMES = new Set(
  ("alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit")
    .split(" "),
);

/** Reads a class behind its opening bracket; returns about as many instructions as it needs. */
export function readClass(reader: RegexReader): number {
  reader.take("^");
  let size = 12;
  let first = true;
  while (first || !reader.take("]")) {
    size += member(reader);
    first = false;
  }
  return size;
}

function member(reader: RegexReader): number {
  const posix = reader.match(POSIX)?.[1];
  if (posix !== undefined) {
    if (!POSIX_NAMES.has(posix)) throw new RegexRefusal(`RE2 knows no [:${posix}:]`);
    return 12;
  }
  const from = one(reader);
  if (reader.match(/-(?!\])/y) === undefined) return from.size;
  if (from.code === undefined) return from.size + 4; // the hyphen stands for itself
  const to = one(reader);
  if (to.code === undefined || to.code < from.code) {
    throw new RegexRefusal("a class holds a range that runs backwards or has no end");
  }
  return 12;
}

function one(reader: RegexReader): Escape {
  if (reader.take("\\")) return readCharacterEscape(reader);
  return { size: 4, code: reader.next().codePointAt(0) ?? 0 };
}
