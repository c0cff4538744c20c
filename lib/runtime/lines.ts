/** Cuts bytes into lines of UTF-8 text, whatever the chunks; `\r\n` ends a line too. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #partial = "";

  /** Lines completed by a chunk. */
  push(chunk: Uint8Array): readonly string[] {
    const lines = (this.#partial + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#partial = lines.pop() ?? "";
    return lines.map(withoutReturn);
  }

  /** The last line, when it has no line feed. */
  end(): readonly string[] {
    const rest = this.#partial + this.#decoder.decode();
    this.#partial = "";
    return rest === "" ? [] : [withoutReturn(rest)];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
