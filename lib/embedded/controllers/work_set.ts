import { getLogger } from "@logtape/logtape";
import { ApiError } from "../api_error.ts";

const logger = getLogger(["berth", "embedded"]);

/**
 * Keys that need work, each once. Work runs in a microtask after the change that asked for it,
 * so the emulator settles before a client sees the answer of its own write.
 */
export class WorkSet {
  readonly #reconcile: (key: string) => void;
  readonly #dirty = new Set<string>();
  #scheduled = false;
  #stopped = false;

  constructor(reconcile: (key: string) => void) {
    this.#reconcile = reconcile;
  }

  /** Asks for work on a key. */
  mark(key: string): void {
    this.#dirty.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  /** Forgets all work, for good. */
  stop(): void {
    this.#stopped = true;
    this.#dirty.clear();
  }

  #drain(): void {
    this.#scheduled = false;
    const keys = [...this.#dirty];
    this.#dirty.clear();
    for (const key of keys) if (!this.#stopped) this.#run(key);
  }

  /** A lost race (gone, changed, namespace ending) mends itself with the next change. */
  #run(key: string): void {
    try {
      this.#reconcile(key);
    } catch (error) {
      if (error instanceof ApiError && error.code < 500) {
        logger.debug("reconcile gave up", { key, error });
      } else logger.error("reconcile failed", { key, error });
    }
  }
}
