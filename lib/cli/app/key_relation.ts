/** Many-to-many: which keys stand for which others, looked up both ways. */
export class KeyRelation {
  readonly #to = new Map<string, ReadonlySet<string>>();
  readonly #from = new Map<string, Set<string>>();

  /** Replaces what a key points to. */
  set(key: string, targets: Iterable<string>): void {
    this.delete(key);
    const now = new Set(targets);
    if (now.size === 0) return;
    this.#to.set(key, now);
    for (const target of now) {
      const keys = this.#from.get(target) ?? new Set<string>();
      this.#from.set(target, keys.add(key));
    }
  }

  delete(key: string): void {
    for (const target of this.#to.get(key) ?? []) {
      const keys = this.#from.get(target);
      keys?.delete(key);
      if (keys?.size === 0) this.#from.delete(target);
    }
    this.#to.delete(key);
  }

  /** What a key points to. */
  targets(key: string): Iterable<string> {
    return this.#to.get(key) ?? [];
  }

  /** Keys that point to a target. */
  keys(target: string): Iterable<string> {
    return this.#from.get(target) ?? [];
  }

  /** Targets that some key points to. */
  get used(): Iterable<string> {
    return this.#from.keys();
  }
}
