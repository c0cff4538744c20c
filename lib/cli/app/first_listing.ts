import type { Clock } from "../../core/mod.ts";
import { KubeError } from "../../kube/mod.ts";

/** How long a wait may last. */
export interface WaitLimit {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Waits for a first listing, but no longer than the limit and not beyond the signal: one that never
 * comes must not hold up everything else. True when it came. Rejects never.
 */
export async function listedWithin(
  listing: Promise<unknown>,
  { clock, ms, signal }: WaitLimit,
): Promise<boolean> {
  const enough = new AbortController();
  const late = clock.sleep(ms, AbortSignal.any([signal, enough.signal]));
  const listed = listing.then(() => true, () => false);
  const done = await Promise.race([listed, late.then(() => false, () => false)]);
  enough.abort();
  return done;
}

/** True for answers that will not change soon: the kind is not served, or not ours to read. */
export function isRefusal(error: unknown): boolean {
  return error instanceof KubeError && (error.kind === "not-found" || error.kind === "forbidden");
}
