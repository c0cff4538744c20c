/** Numbers from a range given out in turn, so that a freed one is not reused at once. */
export class NumberPool {
  readonly #first: bigint;
  readonly #size: bigint;
  readonly #start: bigint;
  readonly #users = new Map<bigint, number>();
  #next: bigint;

  /** @param start the first number to give out on demand; those before are for named requests */
  constructor(range: { readonly first: bigint; readonly last: bigint; readonly start?: bigint }) {
    this.#first = range.first;
    this.#size = range.last - range.first + 1n;
    this.#start = range.start ?? range.first;
    this.#next = this.#start;
  }

  /** True when the number belongs to the range. */
  holds(value: bigint): boolean {
    return value >= this.#first && value < this.#first + this.#size;
  }

  /** True when somebody uses the number. */
  used(value: bigint): boolean {
    return this.#users.has(value);
  }

  /** Counts one more user of a number. */
  take(value: bigint): void {
    this.#users.set(value, (this.#users.get(value) ?? 0) + 1);
  }

  /** Counts one user less. */
  release(value: bigint): void {
    const users = this.#users.get(value) ?? 0;
    if (users > 1) this.#users.set(value, users - 1);
    else this.#users.delete(value);
  }

  /** A free number that `skip` allows, not yet taken; undefined when there is none. */
  free(skip: ReadonlySet<bigint> = new Set()): bigint | undefined {
    if (BigInt(this.#users.size) >= this.#size) return undefined;
    for (let tried = 0n; tried < this.#size; tried++) {
      const value = this.#next;
      const after = value + 1n;
      this.#next = this.holds(after) ? after : this.#first;
      if (!this.#users.has(value) && !skip.has(value)) return value;
    }
    return undefined;
  }
}
