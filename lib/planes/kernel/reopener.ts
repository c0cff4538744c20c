import type { Clock } from "../../core/mod.ts";

/** Milliseconds between tries to reach a node that should be up; then only events help. */
const DELAYS = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000];

/** Milliseconds that a lost session may take to come back before the node counts as dead. */
const GRACE_MS = 300;

/** A connection that can be opened again. */
export interface Reopenable {
  readonly isOpen: boolean;
  expect(): void;
  open(container: string): Promise<void>;
  giveUp(): void;
  close(): Promise<void>;
}

/** What a {@link Reopener} needs. */
export interface ReopenerOptions<Link extends Reopenable> {
  readonly clock: Clock;
  /** The link was opened, or was given up. */
  readonly changed: (link: Link) => Promise<void>;
}

interface Tries {
  readonly stop: AbortController;
  /** The first try is over. */
  readonly first: PromiseWithResolvers<void>;
  done: Promise<void>;
}

/** Keeps connections open to the containers that run. */
export class Reopener<Link extends Reopenable> {
  readonly #options: ReopenerOptions<Link>;
  readonly #containers = new Map<Link, string>();
  readonly #tries = new Map<Link, Tries>();

  constructor(options: ReopenerOptions<Link>) {
    this.#options = options;
  }

  /**
   * Opens, re-opens or closes a link so that it fits the container that runs, if any.
   *
   * @returns when it is closed, or the first try to open it is over.
   */
  async follow(link: Link, container: string | undefined): Promise<void> {
    const isSame = this.#containers.get(link) === container;
    if (isSame && (container === undefined || link.isOpen)) return;
    if (container !== undefined) link.expect();
    await this.#cancel(link);
    await link.close();
    if (container === undefined) return;
    link.expect();
    this.#containers.set(link, container);
    await this.#start(link, container).first.promise;
  }

  /** The link's session ended though its container should run. */
  retry(link: Link): void {
    const container = this.#containers.get(link);
    if (container === undefined) return link.giveUp();
    if (!this.#tries.has(link)) this.#start(link, container);
  }

  /** Closes a link for good. */
  async stop(link: Link): Promise<void> {
    await this.#cancel(link);
    await link.close();
  }

  async #cancel(link: Link): Promise<void> {
    this.#containers.delete(link);
    const tries = this.#tries.get(link);
    tries?.stop.abort();
    await tries?.done;
  }

  #start(link: Link, container: string): Tries {
    const tries: Tries = {
      stop: new AbortController(),
      first: Promise.withResolvers(),
      done: Promise.resolve(),
    };
    this.#tries.set(link, tries);
    tries.done = this.#run(link, { container, tries }).finally(() => {
      tries.first.resolve();
      this.#tries.delete(link);
    });
    return tries;
  }

  async #run(
    link: Link,
    { container, tries }: { readonly container: string; readonly tries: Tries },
  ): Promise<void> {
    const { clock, changed } = this.#options;
    const { signal } = tries.stop;
    for (const delay of [0, ...DELAYS]) {
      if (delay > 0) await clock.sleep(delay, signal).catch(() => {});
      if (signal.aborted) return;
      const opened = link.open(container).then(() => true, () => false);
      if (delay === 0) await this.#graceful(link, { opened, signal });
      const isOpen = await opened;
      if (signal.aborted) return;
      if (!isOpen) link.giveUp();
      if (isOpen || delay === 0) await changed(link);
      if (isOpen) return;
      tries.first.resolve();
    }
  }

  /** Gives the link up when the first try takes too long, without ending the try. */
  async #graceful(
    link: Link,
    { opened, signal }: { readonly opened: Promise<boolean>; readonly signal: AbortSignal },
  ): Promise<void> {
    const late = new AbortController();
    const grace = this.#options.clock.sleep(GRACE_MS, AbortSignal.any([late.signal, signal]));
    const isLate = await Promise.race([
      opened.then(() => false),
      grace.then(() => true, () => false),
    ]);
    late.abort();
    if (!isLate || signal.aborted) return;
    link.giveUp();
    await this.#options.changed(link);
  }
}
