import { type Clock, timestamp } from "../../core/mod.ts";
import {
  addFinalizerPatch,
  annotationPatch,
  decodeService,
  type KubeClient,
  KubeError,
  loadBalancerFinalizer,
  objectKey,
  removeFinalizerPatch,
  servicePath,
  statusPatch,
} from "../../kube/mod.ts";
import type { Service, ServiceStatus } from "../../kube/types.ts";
import {
  clearedStatus,
  nextStatus,
  publishedAnnotation,
  publishedValue,
  type ServingReport,
} from "../../services/mod.ts";

/** Options of {@link StatusWriter}. */
export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Writes what became of a Service into the Service; a Service that is gone is fine. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  /** Services as the server answered our last write: their watch may be behind. */
  readonly #newest = new Map<string, Service>();
  readonly #touched = new Set<string>();

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Keys (`namespace/name`) of the Services that carry something of ours. */
  keys(): Iterable<string> {
    return this.#touched;
  }

  /** Makes sure that the Service outlives its load balancer. */
  async addFinalizer(service: Service): Promise<void> {
    this.#touched.add(objectKey(service));
    if (hasFinalizer(this.#current(service))) return;
    await this.#patch(service, addFinalizerPatch());
  }

  async removeFinalizer(service: Service): Promise<void> {
    if (hasFinalizer(this.#current(service))) await this.#patch(service, removeFinalizerPatch());
    this.forget(objectKey(service));
  }

  /** True when the addresses in the status changed. */
  async report(service: Service, report: ServingReport): Promise<boolean> {
    if (report.kind === "served") {
      await this.#annotate(service, publishedValue(report.served.published));
    }
    const current = this.#current(service);
    const next = nextStatus(current, report, this.#now());
    if (next === undefined) return false;
    this.#touched.add(objectKey(service));
    await this.#patch(service, statusPatch(next), "/status");
    return addresses(current.status) !== addresses(next);
  }

  /** Takes the addresses out of the status. */
  async clear(service: Service): Promise<void> {
    await this.#annotate(service, undefined);
    const next = clearedStatus(this.#current(service), this.#now());
    if (next !== undefined) await this.#patch(service, statusPatch(next), "/status");
  }

  /** Where this machine publishes the ports. */
  async #annotate(service: Service, value: string | undefined): Promise<void> {
    const { metadata } = this.#current(service);
    if (metadata.annotations?.[publishedAnnotation] === value) return;
    await this.#patch(service, annotationPatch(publishedAnnotation, value));
  }

  /** The Service is gone, or somebody else's now. */
  forget(key: string): void {
    this.#newest.delete(key);
    this.#touched.delete(key);
  }

  /** The newer of what was seen and what was written; versions grow (KEP-5504). */
  #current(service: Service): Service {
    const own = this.#newest.get(objectKey(service));
    if (own === undefined || own.metadata.uid !== service.metadata.uid) return service;
    const [ours, theirs] = [own, service].map(({ metadata }) => Number(metadata.resourceVersion));
    return (ours ?? 0) > (theirs ?? 0) ? own : service;
  }

  #now(): string {
    return timestamp(this.#options.clock.now());
  }

  async #patch(service: Service, body: unknown, subresource = ""): Promise<void> {
    const { client, signal } = this.#options;
    const key = objectKey(service);
    try {
      const path = servicePath(key) + subresource;
      const answer = await client.patch(path, body, { type: "strategic-merge", signal });
      this.#newest.set(key, decodeService(answer));
    } catch (error) {
      if (!(error instanceof KubeError && error.kind === "not-found")) throw error;
    }
  }
}

function hasFinalizer({ metadata }: Service): boolean {
  return metadata.finalizers?.includes(loadBalancerFinalizer) ?? false;
}

function addresses(status: ServiceStatus | undefined): string {
  return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? "").join(" ");
}
