import type { Clock } from "../../core/mod.ts";

/** Opens once, when everything it was told to wait for is settled, or after the longest wait. */
export interface Gate {
  readonly opened: Promise<void>;
  /** Has no effect after `close`. */
  waitFor(work: Promise<void>): void;
  /** No more waits will be added. */
  close(): void;
}

/** Options of {@link openGate}. */
export interface GateOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Counted from `close`. */
  readonly longestWaitMs: number;
}

/** A gate that is shut until `close` was called and the waits are over. */
export function openGate({ clock, signal, longestWaitMs }: GateOptions): Gate {
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const waits: Promise<void>[] = [];
  let closed = false;
  signal.addEventListener("abort", () => resolve(), { once: true });
  return {
    opened,
    waitFor(work) {
      if (!closed) waits.push(work);
    },
    close() {
      if (closed) return;
      closed = true;
      const enough = new AbortController();
      const late = clock.sleep(longestWaitMs, AbortSignal.any([signal, enough.signal]));
      Promise.race([Promise.allSettled(waits), late]).catch(() => {}).finally(() => {
        enough.abort();
        late.catch(() => {});
        resolve();
      });
    },
  };
}
