import type { Clock } from "../../core/mod.ts";
import {
  addFinalizerPatch,
  type KubeClient,
  KubeError,
  loadBalancerFinalizer,
  objectKey,
  removeFinalizerPatch,
  servicePath,
  statusPatch,
} from "../../kube/mod.ts";
import type { Service, ServiceStatus } from "../../kube/types.ts";
import { clearedStatus, nextStatus, type ServingReport } from "../../services/mod.ts";

/** Options of {@link StatusWriter}. */
export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Writes what became of a Service into the Service; a Service that is gone is fine. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Makes sure that the Service outlives its load balancer. */
  async addFinalizer(service: Service): Promise<void> {
    if (service.metadata.finalizers?.includes(loadBalancerFinalizer)) return;
    await this.#patch(servicePath(objectKey(service)), addFinalizerPatch());
  }

  async removeFinalizer(service: Service): Promise<void> {
    if (!service.metadata.finalizers?.includes(loadBalancerFinalizer)) return;
    await this.#patch(servicePath(objectKey(service)), removeFinalizerPatch());
  }

  /** True when the addresses in the status changed. */
  async report(service: Service, report: ServingReport): Promise<boolean> {
    const next = nextStatus(service, report, this.#now());
    if (next === undefined) return false;
    await this.#patchStatus(service, next);
    return addresses(service.status) !== addresses(next);
  }

  async clear(service: Service): Promise<void> {
    const next = clearedStatus(service, this.#now());
    if (next !== undefined) await this.#patchStatus(service, next);
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  async #patchStatus(service: Service, status: ServiceStatus): Promise<void> {
    await this.#patch(`${servicePath(objectKey(service))}/status`, statusPatch(status));
  }

  async #patch(path: string, body: unknown): Promise<void> {
    const { client, signal } = this.#options;
    try {
      await client.patch(path, body, { type: "strategic-merge", signal });
    } catch (error) {
      if (!(error instanceof KubeError && error.kind === "not-found")) throw error;
    }
  }
}

function addresses(status: ServiceStatus | undefined): string {
  return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? "").join(" ");
}
