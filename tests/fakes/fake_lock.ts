import type { ProgramOutput, ProgramStart } from "./fake_session.ts";

/** Locks on files of containers, and who has which address, as the program of a lock tells it. */
export class FakeLocks {
  /** Addresses that somebody on the network has, with the hardware address. */
  readonly strangers = new Map<string, string>();
  /** The last who asked for a container's lock: settles when all of them let go. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #busy = new Map<string, number>();

  /** True when the command is the lock's. */
  static asks({ command }: ProgramStart): boolean {
    return command[0] === "perl";
  }

  /** Runs until the input ends, as the program does. */
  async run(
    input: AsyncIterable<string>,
    output: ProgramOutput,
    { container, command }: ProgramStart,
  ): Promise<void> {
    const isPatient = command.at(-1) === "1";
    const users = this.#busy.get(container) ?? 0;
    if (users > 0) output.stdout("busy\n");
    else if (!isPatient) output.stdout("held\n");
    if (!isPatient) return;
    const before = this.#last.get(container) ?? Promise.resolve();
    const mine = Promise.withResolvers<void>();
    this.#last.set(container, before.then(() => mine.promise));
    this.#busy.set(container, users + 1);
    await before;
    output.stdout("held\n");
    for await (const address of input) {
      const mac = this.strangers.get(address);
      output.stdout(mac === undefined ? `free ${address}\n` : `taken ${address} ${mac}\n`);
    }
    this.#busy.set(container, (this.#busy.get(container) ?? 1) - 1);
    mine.resolve();
  }
}
