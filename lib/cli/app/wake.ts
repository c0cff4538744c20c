/** Something is to be done: calls before it is looked at count as one. */
export class Wake {
  #set = false;
  #resolve: () => void = () => {};

  /** Asks for a look. */
  wake(): void {
    this.#set = true;
    this.#resolve();
  }

  /** Resolves when somebody asked since the last time, or when the signal aborts. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#set && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => resolve();
      this.#resolve = look;
      signal.addEventListener("abort", look, { once: true });
      await promise;
      signal.removeEventListener("abort", look);
    }
    this.#set = false;
  }
}
