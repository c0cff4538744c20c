/** Messages to one reader, in order. */
export class Inbox<T> {
  #messages: T[] = [];
  #wake: (() => void) | undefined;

  /** Puts a message in; never blocks. */
  put(message: T): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  /** All messages until the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const wake = () => this.#wake?.();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted) {
        const message = this.#messages.shift();
        if (message !== undefined) yield message;
        else await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
