const MAX_LINES = 1_000;

/** The last lines of a Pod's log, and whoever follows it. */
export class LogBuffer {
  readonly #lines: string[] = [];
  readonly #followers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();

  /** Adds a line. */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    for (const follower of this.#followers) follower.enqueue(this.#encoder.encode(`${line}\n`));
  }

  /** The lines so far. */
  lines(): readonly string[] {
    return [...this.#lines];
  }

  /** The lines so far and those to come, until the log is closed. */
  follow(): ReadableStream<Uint8Array> {
    let mine: ReadableStreamDefaultController<Uint8Array> | undefined;
    return new ReadableStream({
      start: (controller) => {
        mine = controller;
        for (const line of this.#lines) controller.enqueue(this.#encoder.encode(`${line}\n`));
        this.#followers.add(controller);
      },
      cancel: () => {
        if (mine) this.#followers.delete(mine);
      },
    });
  }

  /** Ends every follower. */
  close(): void {
    for (const follower of this.#followers) follower.close();
    this.#followers.clear();
  }
}
