import { getLogger } from "@logtape/logtape";
import { type ErrorKind, errorKind, errorText, systemClock } from "../core/mod.ts";
import { connectOnce, type ConnectOptions } from "./connect.ts";
import type { ClusterAccess, KindCluster } from "./types.ts";

const logger = getLogger(["berth", "clusters"]);

/** Milliseconds: first and longest wait after failures that pass, or that a person must mend. */
const QUICK_MS = { first: 200, most: 1_000 };
const SLOW_MS = { first: 1_000, most: 30_000 };

/** Options of {@link connectCluster}. */
export interface ConnectClusterOptions extends ConnectOptions {
  /** Told of each failure whose text differs from the one before. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Connects to a cluster, trying again until it works or the signal aborts.
 *
 * `current` gives the newest view of the cluster, so that a node that starts or a port that moves
 * is followed by the next try.
 */
export async function connectCluster(
  current: () => KindCluster,
  options: ConnectClusterOptions,
): Promise<ClusterAccess> {
  const { signal, clock = systemClock, onFailure } = options;
  let lastText = "";
  for (let attempt = 0;; attempt++) {
    signal.throwIfAborted();
    try {
      return await connectOnce(current(), options);
    } catch (error) {
      signal.throwIfAborted();
      const text = errorText(error);
      if (text !== lastText) {
        log(current().name, error);
        onFailure?.(error);
      }
      lastText = text;
      await clock.sleep(retryDelay(errorKind(error), attempt), signal);
    }
  }
}

/** Milliseconds before the try after the `attempt`-th failure, counted from 0. */
export function retryDelay(kind: ErrorKind, attempt: number): number {
  const needsPerson = kind === "forbidden" || kind === "invalid" || kind === "internal";
  const { first, most } = needsPerson ? SLOW_MS : QUICK_MS;
  return Math.min(first * 2 ** Math.min(attempt, 16), most);
}

function log(cluster: string, error: unknown): void {
  const fields = { cluster, error: errorText(error) };
  if (errorKind(error) === "not-found") logger.info("cluster is not ready yet", fields);
  else logger.warn("cannot connect to cluster", fields);
}
