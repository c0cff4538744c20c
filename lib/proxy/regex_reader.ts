/** Why an expression is refused: a part of a sentence. Never leaves this folder. */
export class RegexRefusal extends Error {
  override readonly name = "RegexRefusal";
}

/** Reads an expression from left to right. */
export class RegexReader {
  readonly #text: string;
  readonly #names = new Set<string>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** True at the end. */
  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** True when the rest begins with `text`. */
  sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Reads `text` if the rest begins with it. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Reads what a sticky pattern matches here, or nothing. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  /** Reads one character, at the end throws. */
  next(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new RegexRefusal("it ends too early");
    const sign = String.fromCodePoint(code);
    this.#at += sign.length;
    return sign;
  }

  /** Notes the name of a group, which must be new. */
  define(name: string): void {
    if (this.#names.has(name)) throw new RegexRefusal(`two groups are called ${name}`);
    this.#names.add(name);
  }
}
