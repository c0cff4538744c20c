/** Lines waiting to be read beyond which the source is paused. */
const HIGH_WATER = 1_000;

/** The flow of the source that fills the queue. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Lines between one producer, which is paused when far ahead, and one consumer. */
export class LineQueue implements AsyncIterable<string> {
  readonly #flow: Flow;
  #lines: string[] = [];
  #ended = false;
  #paused = false;
  #wake: (() => void) | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** Adds lines; ignored after the end. */
  push(lines: readonly string[]): void {
    if (this.#ended || lines.length === 0) return;
    this.#lines.push(...lines);
    if (!this.#paused && this.#lines.length >= HIGH_WATER) {
      this.#paused = true;
      this.#flow.pause();
    }
    this.#wake?.();
  }

  /** No more lines; those queued are still read. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    while (true) {
      const lines = this.#take();
      yield* lines;
      if (this.#lines.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    return lines;
  }
}
