import type { Clock } from "../../core/mod.ts";
import type { NodeLink } from "./node_link.ts";

/** Milliseconds between tries to reach a node that should be up; then only events help. */
const DELAYS = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000];

/** What a {@link Reopener} needs. */
export interface ReopenerOptions {
  readonly clock: Clock;
  readonly open: (link: NodeLink, container: string) => Promise<void>;
}

/** Keeps sessions open to the containers that run. */
export class Reopener {
  readonly #options: ReopenerOptions;
  readonly #containers = new Map<NodeLink, string>();
  readonly #running = new Map<
    NodeLink,
    { readonly stop: AbortController; readonly done: Promise<void> }
  >();

  constructor(options: ReopenerOptions) {
    this.#options = options;
  }

  /** Opens, re-opens or closes a link so that it fits the container that runs, if any. */
  async follow(link: NodeLink, container: string | undefined): Promise<void> {
    const isSame = this.#containers.get(link) === container;
    if (isSame && (container === undefined || link.facts.health !== "down")) return;
    await this.stop(link);
    if (container === undefined) return;
    this.#containers.set(link, container);
    await this.#start(link, container, 0);
  }

  /** The link's session ended though its container should run. */
  retry(link: NodeLink): void {
    const container = this.#containers.get(link);
    if (container !== undefined && !this.#running.has(link)) this.#start(link, container, 1);
  }

  /** Closes a link for good. */
  async stop(link: NodeLink): Promise<void> {
    this.#containers.delete(link);
    const running = this.#running.get(link);
    running?.stop.abort();
    await running?.done;
    await link.close();
  }

  /** @returns when the first try is over. */
  async #start(link: NodeLink, container: string, skipped: number): Promise<void> {
    const stop = new AbortController();
    const first = Promise.withResolvers<void>();
    const done = this.#tries(link, { container, signal: stop.signal, skipped, first })
      .finally(() => {
        first.resolve();
        this.#running.delete(link);
      });
    this.#running.set(link, { stop, done });
    await first.promise;
  }

  async #tries(
    link: NodeLink,
    { container, signal, skipped, first }: {
      readonly container: string;
      readonly signal: AbortSignal;
      readonly skipped: number;
      readonly first: PromiseWithResolvers<void>;
    },
  ): Promise<void> {
    for (const delay of [0, ...DELAYS].slice(skipped)) {
      if (delay > 0) await this.#options.clock.sleep(delay, signal).catch(() => {});
      if (signal.aborted) return;
      const isOpen = await this.#options.open(link, container).then(() => true, () => false);
      if (isOpen) return;
      first.resolve();
    }
  }
}
