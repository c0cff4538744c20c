import type { Stages } from "../../dispatch/types.ts";

/** Milliseconds of one run as the main isolate sees them. */
export interface RunTimes {
  /** Between the moment the key was due and the run. */
  readonly queue: number;
  /** The job, from sending it to its outcome. */
  readonly job: number;
  /** Writing the status. */
  readonly status: number;
}

/**
 * Every stage of one run, in order. `message` is the part of the job that its worker did not spend:
 * the way there and back, and the wait for its turn.
 */
export function runStages(worker: Stages, { queue, job, status }: RunTimes): Stages {
  const spent = Object.values(worker).reduce((sum, ms) => sum + ms, 0);
  return { queue, message: Math.max(0, job - spent), ...worker, status };
}
