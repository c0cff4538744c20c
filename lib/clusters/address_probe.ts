import type { Clock } from "../core/mod.ts";

/** Milliseconds after which an address that nobody spoke of counts as free. */
const LATE_MS = 500;

/** So many addresses taken in a row, and none free: somebody answers for all of them. */
const TOO_MANY = 8;

/** Questions to the network through a program that answers `free ADDRESS` or `taken ADDRESS MAC`. */
export class AddressProbe {
  readonly #clock: Clock;
  readonly #asked = new Map<string, PromiseWithResolvers<string | undefined>>();
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody answers for every address: what is said of them is worth nothing. */
  get isFooled(): boolean {
    return this.#taken >= TOO_MANY;
  }

  /**
   * The hardware address of whoever has an address on the network; undefined when nobody has it, or
   * nobody can tell.
   *
   * @param write Passes a line to the program.
   */
  async ask(
    address: string,
    write: (line: string) => Promise<void>,
  ): Promise<string | undefined> {
    const known = this.#asked.get(address);
    if (known !== undefined) return await known.promise;
    const asked = Promise.withResolvers<string | undefined>();
    this.#asked.set(address, asked);
    const done = new AbortController();
    this.#clock.sleep(LATE_MS, done.signal).then(() => asked.resolve(undefined), () => {});
    try {
      await write(`${address}\n`).catch(() => asked.resolve(undefined));
      return await asked.promise;
    } finally {
      done.abort();
      this.#asked.delete(address);
    }
  }

  /** Takes a line of the program; what is no answer is passed over. */
  hear(line: string): void {
    const [word, address = "", mac] = line.split(" ");
    const asked = this.#asked.get(address);
    if (asked === undefined) return;
    this.#taken = word === "taken" ? this.#taken + 1 : 0;
    asked.resolve(word === "taken" && !this.isFooled ? mac : undefined);
  }

  /** The program ended: nobody can tell any more. */
  end(): void {
    for (const asked of this.#asked.values()) asked.resolve(undefined);
  }
}
