import { type Clock, systemClock } from "../../lib/core/mod.ts";

/** A clock that runs so many times faster than the machine's, for waits that a test cannot step. */
export function fastClock(times: number): Clock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
