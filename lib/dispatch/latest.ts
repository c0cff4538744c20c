/** Hands values to a slow receiver: one at a time, and of those that wait only the last. */
export interface Latest<T> {
  set(value: T): void;
}

/** What `deliver` throws is the caller's defect and surfaces as an unhandled rejection. */
export function createLatest<T>(deliver: (value: T) => Promise<void>): Latest<T> {
  let waiting: { readonly value: T } | undefined;
  let busy = false;
  const pump = async () => {
    busy = true;
    try {
      for (let next = waiting; next !== undefined; next = waiting) {
        waiting = undefined;
        await deliver(next.value);
      }
    } finally {
      busy = false;
    }
  };
  return {
    set(value) {
      waiting = { value };
      if (!busy) void pump();
    },
  };
}
