/** What a {@link WaitingLine} asks of its surroundings. */
export interface WaitingLineOptions {
  /** Has a key look for what is free; it is told by `begin` and `end` when it did. */
  wake(key: string): void;
  /** Whether somebody could still be given a thing. */
  isFree(thing: string): boolean;
}

/** A thing that came free, on its way along the line. */
export interface Chance {
  readonly thing: string;
  /** Goes on behind whoever had the chance last. */
  readonly rest: Iterator<string>;
}

/**
 * Keys that wait until something comes free, in the order in which they began to. A thing that
 * comes free goes from one to the next until somebody has taken it, so that it wakes few, and
 * nobody who could use it is left out.
 */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  readonly #keys = new Set<string>();
  /** Chances of keys that were woken and have not looked yet. */
  readonly #chances = new Map<string, Chance>();

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** A key waits; one that does already keeps its place. */
  add(key: string): void {
    this.#keys.add(key);
  }

  /** A key waits no more. */
  delete(key: string): void {
    this.#keys.delete(key);
    this.end(this.begin(key));
  }

  /** Something came free. */
  freed(thing: string): void {
    // the iterator of a Set sees what is added and taken out behind it
    this.#pass({ thing, rest: this.#keys.values() });
  }

  /** Everybody looks again: more has changed than one thing. */
  wakeAll(): void {
    for (const key of this.#keys) this.#options.wake(key);
  }

  /** A key is about to look for what is free. */
  begin(key: string): Chance | undefined {
    const chance = this.#chances.get(key);
    this.#chances.delete(key);
    return chance;
  }

  /** It has looked, and taken what it could use: the chance that it had is for the next one. */
  end(chance: Chance | undefined): void {
    if (chance !== undefined) this.#pass(chance);
  }

  #pass(chance: Chance): void {
    while (this.#options.isFree(chance.thing)) {
      const { value, done } = chance.rest.next();
      if (done === true) return;
      // who is about to look anyway will see this, too
      if (this.#chances.has(value)) continue;
      this.#chances.set(value, chance);
      this.#options.wake(value);
      return;
    }
  }
}
