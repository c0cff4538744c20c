import type { WorkerPool } from "../../dispatch/mod.ts";
import type { Job, Outcome } from "../../dispatch/types.ts";
import type { TunnelEnds } from "./tunnels.ts";

/** What follows the outcomes of jobs. */
export interface OutcomeFollower {
  follow(ends: TunnelEnds): void;
  drop(key: string): void;
}

/** A pool whose outcomes lead tunnels: what is served gets them, what is removed loses them. */
export function tunnelledPool(
  pool: WorkerPool<Job, Outcome>,
  tunnels: OutcomeFollower,
): WorkerPool<Job, Outcome> {
  return {
    run: async (key, job, options) => {
      const outcome = await pool.run(key, job, options);
      if (job.kind !== "list" && servesNothing(outcome)) tunnels.drop(job.key);
      else if ("served" in outcome && outcome.kind !== "listed" && outcome.served !== undefined) {
        tunnels.follow(outcome.served);
      }
      return outcome;
    },
    broadcast: (topic, value) => pool.broadcast(topic, value),
    workerOf: (key) => pool.workerOf(key),
    warm: () => pool.warm(),
    drain: (signal) => pool.drain(signal),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** Nothing is left of the key, and not because something failed. */
function servesNothing(outcome: Outcome): boolean {
  if (outcome.kind === "removed") return true;
  if (outcome.kind !== "routed" && outcome.kind !== "ingress") return false;
  return outcome.served === undefined && outcome.failure === undefined;
}
