import assert from "assert";
import { AppError, systemClock } from "../../lib/core/mod.ts";
import {
  createWorkerPool,
  type WorkerPool,
  type WorkerPoolOptions,
} from "../../lib/dispatch/worker_pool.ts";
import type { FixtureJob } from "../fixtures/workers/job_worker.ts";

/** A pool of one real Worker that runs the fixture's jobs. */
export function fixturePool(
  change: Partial<WorkerPoolOptions> = {},
): WorkerPool<FixtureJob, unknown> {
  return createWorkerPool<FixtureJob, unknown>({
    entry: new URL("../fixtures/workers/job_worker.ts", import.meta.url),
    ...{ name: "test", size: 1, permissions: "none", init: "hello", clock: systemClock },
    ...{ deadlineMs: 20_000 },
    ...change,
  });
}

/** Fails unless the promise rejects with an AppError of this kind and text. */
export function rejectsWith(
  promise: Promise<unknown>,
  kind: string,
  message: RegExp,
): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, `not an AppError: ${error}`);
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  });
}

/** Collects notices so that a test can wait for one. */
export function mailbox() {
  const news: unknown[] = [];
  let changed = Promise.withResolvers<void>();
  return {
    onNotice(value: unknown): void {
      news.push(value);
      changed.resolve();
      changed = Promise.withResolvers();
    },
    /** Resolves when the value has come this often. */
    async until(value: unknown, times = 1): Promise<void> {
      while (news.filter((each) => each === value).length < times) await changed.promise;
    },
  };
}
