import type { Ledger } from "../../lib/addresses/mod.ts";
import type { Job, Outcome } from "../../lib/dispatch/types.ts";
import { planIngress } from "../../lib/ingress/mod.ts";

/** A pool that plans Ingresses really and serves them on the first free address. */
export class FakeIngressPool {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  readonly jobs: Job[] = [];
  /** Present: what keeps the proxy from serving. */
  failure: { readonly errorKind: string; readonly message: string } | undefined;

  /** What the proxy does not take. */
  refused: readonly { readonly port: number; readonly message: string }[] = [];

  /** Called for every job. */
  onJob = () => {};

  run(_key: string, job: Job): Promise<Outcome> {
    this.jobs.push(job);
    this.onJob();
    if (job.kind === "remove") return Promise.resolve({ kind: "removed", stages: {} });
    if (job.kind !== "ingress") throw new Error(`no answer for a job of kind ${job.kind}`);
    const [address = ""] = [...job.view.held, ...job.view.free.IPv4];
    this.#ledger.commit(job.key, [address], { ports: [], sharingKey: "" });
    const plan = planIngress({ ...job.input, addresses: [address] });
    const { problems } = plan;
    if (this.failure !== undefined) {
      const failed = { problems, statuses: [], failure: this.failure, stages: {} };
      return Promise.resolve({ kind: "ingress", ...failed });
    }
    const served = { key: job.key, addresses: [{ address }], published: [], refused: this.refused };
    const statuses = plan.statuses({ ...served, warnings: [] });
    const outcome = { problems, statuses, served: { ...served, warnings: [] }, stages: {} };
    return Promise.resolve({ kind: "ingress", ...outcome });
  }

  workerOf(): number {
    return 0;
  }

  /** Kinds of the jobs so far. */
  get seen(): readonly string[] {
    return this.jobs.map(({ kind }) => kind);
  }
}
