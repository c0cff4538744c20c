/** Pieces of work of one key follow each other; those of different keys do not wait. */
export class KeyLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the work when those before it of the same key have ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const done = Promise.withResolvers<void>();
    this.#tails.set(key, done.promise);
    try {
      await before;
      return await work();
    } finally {
      if (this.#tails.get(key) === done.promise) this.#tails.delete(key);
      done.resolve();
    }
  }
}
