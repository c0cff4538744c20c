import type { Job, Outcome } from "../../lib/dispatch/types.ts";
import type { RouteParentStatus } from "../../lib/gateway/mod.ts";

/** A pool whose answers a test decides; by default every Gateway is served on its first address. */
export class FakeGatewayPool {
  readonly jobs: Job[] = [];
  /** Replaces the ordinary answer. */
  answer: ((job: Job) => Outcome | undefined) | undefined;

  run(_key: string, job: Job): Promise<Outcome> {
    this.jobs.push(job);
    const answer = this.answer?.(job);
    if (answer !== undefined) return Promise.resolve(answer);
    if (job.kind === "remove") return Promise.resolve({ kind: "removed", stages: {} });
    return Promise.resolve(routed(job));
  }

  workerOf(): number {
    return 0;
  }

  /** Kinds and keys of the jobs so far. */
  get seen(): readonly string[] {
    return this.jobs.map((job) => "key" in job ? `${job.kind} ${job.key}` : job.kind);
  }
}

/** A Gateway that is served on the first free address, with all of its routes accepted. */
export function routed(job: Job): Outcome {
  if (job.kind !== "gateway") throw new Error(`no answer for a job of kind ${job.kind}`);
  const { gateway, routes, controllerName } = job.input;
  const [address = ""] = [...job.view.held, ...job.view.free.IPv4];
  const served = { key: job.key, addresses: [{ address }], published: [], refused: [] };
  const { name } = gateway.metadata;
  const parents: readonly RouteParentStatus[] = [{ parentRef: { name }, controllerName }];
  return {
    kind: "routed",
    served: { ...served, warnings: [] },
    statuses: {
      gateway: { addresses: [{ type: "IPAddress", value: address }] },
      routes: routes.map(({ kind, metadata }) => ({
        ...{ kind, namespace: metadata.namespace ?? "", name: metadata.name, parents },
      })),
      ...{ listenerSets: [], policies: [], notes: [] },
    },
    infrastructure: { labels: {}, annotations: {} },
    taken: [],
    stages: {},
  };
}
