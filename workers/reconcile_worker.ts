import { AppError } from "../lib/core/mod.ts";
import { type JobContext, serveWorker, type WorkerHandlers } from "../lib/dispatch/mod.ts";
import type { Job, JobNode, Outcome, WorkerInit, WorkerNotice } from "../lib/dispatch/types.ts";
import type { Plane, PlaneName, RoutePlane } from "../lib/planes/types.ts";
import { type CommitAnswer, reconcile } from "../lib/services/mod.ts";
import { startLogging, withSpan } from "../lib/telemetry/mod.ts";
import { runGatewayJob } from "./gateway_job.ts";
import { runIngressJob } from "./ingress_job.ts";
import { createPlanes, isRoutePlane } from "./planes.ts";

/** Serves the Services of one cluster, or those of its keys that this worker was given. */
class ReconcileWorker implements WorkerHandlers<Job, Outcome> {
  #planes: ReadonlyMap<PlaneName, Plane> = new Map();
  #nodes: readonly JobNode[] = [];
  /** Settles when the planes know the newest nodes. */
  #told: Promise<void> = Promise.resolve();

  async init(value: unknown, link: { notice(value: unknown): void }): Promise<void> {
    const init = value as WorkerInit; // sent by our own main isolate
    await startLogging({ ...init.log, isolate: `worker/${init.cluster}` });
    this.#planes = await createPlanes(init, (notice: WorkerNotice) => link.notice(notice));
  }

  async broadcast(topic: string, value: unknown): Promise<void> {
    const nodes = value as readonly JobNode[]; // sent by our own main isolate
    // planners must not wait until planes have opened their sessions: a topic of its own
    if (topic === "plan-nodes") this.#nodes = nodes;
    else if (topic === "nodes") await (this.#told = this.#tellPlanes(nodes));
    else throw new AppError(`unknown news "${topic}"`, { kind: "internal" });
  }

  async job(job: Job, context: JobContext): Promise<Outcome> {
    // what the data path carries is known only when its nodes were asked
    if (job.kind === "list") await this.#told.catch(() => {});
    const deps = {
      planes: this.#planes,
      nodes: () => this.#nodes,
      commit: async (proposal: unknown) => await context.call("commit", proposal) as CommitAnswer,
      now: () => performance.now(),
      stage: <T>(name: string, work: () => Promise<T>) => withSpan(`berth.${name}`, {}, work),
    };
    const options = {
      parent: context.traceparent,
      attributes: { "berth.key": context.key, "berth.job": job.kind },
    };
    return await withSpan(
      "berth.job",
      options,
      () => {
        if (job.kind !== "gateway" && job.kind !== "ingress") {
          return reconcile(job, deps, context.signal);
        }
        const proxy = { ...deps, plane: this.#routePlane() };
        return job.kind === "gateway"
          ? runGatewayJob(job, proxy, context.signal)
          : runIngressJob(job, proxy, context.signal);
      },
    );
  }

  async drain(): Promise<void> {
    await Promise.all([...this.#planes.values()].map((plane) => plane[Symbol.asyncDispose]()));
  }

  #routePlane(): RoutePlane | undefined {
    return [...this.#planes.values()].find(isRoutePlane);
  }

  async #tellPlanes(nodes: readonly JobNode[]): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    await Promise.all(
      [...this.#planes.values()].map((plane) => plane.setNodes(nodes, { signal })),
    );
  }
}

serveWorker(new ReconcileWorker());
