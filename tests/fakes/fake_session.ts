import { AppError } from "../../lib/core/mod.ts";
import type { ContainerSession } from "../../lib/runtime/types.ts";

/** Where a program writes, in whole texts. */
export interface ProgramOutput {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** What a session was opened for. */
export interface ProgramStart {
  readonly container: string;
  readonly command: readonly string[];
}

/** A command's behaviour: reads lines until they end, writes, and ends. */
export type Program = (
  input: AsyncIterable<string>,
  output: ProgramOutput,
  start: ProgramStart,
) => Promise<void>;

/** A shell that knows `echo TEXT`, `echo TEXT >&2` and `exit`. */
export const fakeShell: Program = async (input, output) => {
  for await (const line of input) {
    const [, text = "", toError] = /^echo (.*?)( >&2)?$/.exec(line) ?? [];
    if (/^exit\b/.test(line)) return;
    if (toError) output.stderr(`${text}\n`);
    else output.stdout(`${text}\n`);
  }
};

/** Values between one writer and one reader. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #open = true;
  #wake = () => {};

  put(value: T): void {
    if (this.#open) this.#values.push(value);
    this.#wake();
  }

  end(): void {
    this.#open = false;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      const value = this.#values.shift();
      if (value !== undefined) yield value;
      else if (!this.#open) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** A session whose command is a {@link Program}. */
export class FakeSession implements ContainerSession {
  readonly errors: string[] = [];
  readonly #input = new Channel<string>();
  readonly #output = new Channel<string>();
  #open = true;
  #partial = "";

  constructor(program: Program, start: ProgramStart) {
    const output = {
      stdout: (text: string) => lines(text).forEach((line) => this.#output.put(line)),
      stderr: (text: string) => {
        this.errors.push(...lines(text));
        this.errors.splice(0, this.errors.length - 50);
      },
    };
    program(this.#input, output, start).finally(() => this.close());
  }

  get lines(): AsyncIterable<string> {
    return this.#output;
  }

  write(text: string): Promise<void> {
    if (!this.#open) {
      return Promise.reject(new AppError("the session has ended", { kind: "unavailable" }));
    }
    const parts = (this.#partial + text).split("\n");
    this.#partial = parts.pop() ?? "";
    for (const line of parts) this.#input.put(line);
    return Promise.resolve();
  }

  /** The command ends, as when its container dies. */
  close(): void {
    this.#open = false;
    this.#input.end();
    this.#output.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

function lines(text: string): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}
