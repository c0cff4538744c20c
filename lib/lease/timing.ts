import type { LeaseSettings } from "./types.ts";

/** Attempts are spread up to this multiple of the retry period, as in client-go. */
export const retryJitter = 1.2;

/** What is wrong with the durations, in words; undefined when a leader can hold its Lease. */
export function timingProblem(settings: LeaseSettings): string | undefined {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = settings;
  if (leaseDurationMs <= renewDeadlineMs) {
    return `--leader-elect-lease-duration (${seconds(leaseDurationMs)}) must be longer than ` +
      `--leader-elect-renew-deadline (${seconds(renewDeadlineMs)})`;
  }
  if (renewDeadlineMs <= retryPeriodMs * retryJitter) {
    return `--leader-elect-renew-deadline (${seconds(renewDeadlineMs)}) must be longer than ` +
      `${retryJitter} times --leader-elect-retry-period (${seconds(retryPeriodMs)})`;
  }
  return undefined;
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
