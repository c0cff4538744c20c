import { AppError } from "../lib/core/mod.ts";
import { serveWorker } from "../lib/dispatch/mod.ts";
import type { Job, JobNode, Outcome, WorkerInit } from "../lib/dispatch/types.ts";
import type { Plane, PlaneName } from "../lib/planes/types.ts";
import { type CommitAnswer, reconcile } from "../lib/services/mod.ts";
import { startLogging, withSpan } from "../lib/telemetry/mod.ts";
import { createPlanes } from "./planes.ts";

let planes: ReadonlyMap<PlaneName, Plane> = new Map();
let nodes: readonly JobNode[] = [];
let told: Promise<void> = Promise.resolve();

serveWorker<Job, Outcome>({
  async init(value, link) {
    const init = value as WorkerInit; // sent by our own main isolate
    await startLogging({ ...init.log, isolate: `worker/${init.cluster}` });
    planes = await createPlanes(init, (notice) => link.notice(notice));
  },
  async broadcast(topic, value) {
    const news = value as readonly JobNode[]; // sent by our own main isolate
    // planners must not wait until planes have opened their sessions: a topic of its own
    if (topic === "plan-nodes") nodes = news;
    else if (topic === "nodes") await (told = tellPlanes(news));
    else throw new AppError(`unknown news "${topic}"`, { kind: "internal" });
  },
  async job(job, context) {
    // what the data path carries is known only when its nodes were asked
    if (job.kind === "list") await told.catch(() => {});
    const deps = {
      planes,
      nodes: () => nodes,
      commit: async (proposal: unknown) => await context.call("commit", proposal) as CommitAnswer,
      now: () => performance.now(),
    };
    const options = {
      parent: context.traceparent,
      attributes: { "berth.key": context.key, "berth.job": job.kind },
    };
    return await withSpan("berth.job", options, () => reconcile(job, deps, context.signal));
  },
  async drain() {
    await Promise.all([...planes.values()].map((plane) => plane[Symbol.asyncDispose]()));
  },
});

async function tellPlanes(news: readonly JobNode[]): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  await Promise.all([...planes.values()].map((plane) => plane.setNodes(news, { signal })));
}
