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

/** What was written to a Service, perhaps not seen in its watch yet. */
interface Written {
  readonly finalizer?: true;
  readonly status?: ServiceStatus;
}

/** Writes what became of a Service into the Service; a Service that is gone is fine. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #written = new Map<string, Written>();

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Keys (`namespace/name`) of the Services that carry something of ours. */
  keys(): Iterable<string> {
    return this.#written.keys();
  }

  /** Makes sure that the Service outlives its load balancer. */
  async addFinalizer(service: Service): Promise<void> {
    this.#note(service, {});
    if (service.metadata.finalizers?.includes(loadBalancerFinalizer)) return;
    await this.#patch(servicePath(objectKey(service)), addFinalizerPatch());
    this.#note(service, { finalizer: true });
  }

  /** True when the addresses in the status changed. */
  async report(service: Service, report: ServingReport): Promise<boolean> {
    const next = nextStatus(service, report, this.#now());
    if (next === undefined) return false;
    await this.#patchStatus(service, next);
    this.#note(service, { status: next });
    return addresses(service.status) !== addresses(next);
  }

  /** Takes the addresses out of the status. */
  async clear(service: Service): Promise<void> {
    const { status = service.status } = this.#written.get(objectKey(service)) ?? {};
    const next = clearedStatus({ ...service, ...(status && { status }) }, this.#now());
    if (next !== undefined) await this.#patchStatus(service, next);
  }

  async removeFinalizer(service: Service): Promise<void> {
    const key = objectKey(service);
    const has = service.metadata.finalizers?.includes(loadBalancerFinalizer);
    if (has || this.#written.get(key)?.finalizer) {
      await this.#patch(servicePath(key), removeFinalizerPatch());
    }
    this.forget(key);
  }

  /** The Service is gone, or somebody else's now. */
  forget(key: string): void {
    this.#written.delete(key);
  }

  #note(service: Service, written: Written): void {
    const key = objectKey(service);
    this.#written.set(key, { ...this.#written.get(key), ...written });
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
