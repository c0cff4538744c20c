import { getLogger } from "@logtape/logtape";
import { type Clock, type ErrorKind, isRetryable } from "../../core/mod.ts";
import type { Ledger } from "../../addresses/mod.ts";
import type { RunInfo, RunResult, WorkerPool } from "../../dispatch/mod.ts";
import type { Job, JobEvent, Outcome, Stages } from "../../dispatch/types.ts";
import { type EventRecorder, objectKey } from "../../kube/mod.ts";
import type { EndpointSlice, Service } from "../../kube/types.ts";
import type { PlaneName, Served } from "../../planes/types.ts";
import {
  choosePlane,
  failure,
  ownership,
  predictSlices,
  unknownClass,
} from "../../services/mod.ts";
import { activeTraceparent, withSpan } from "../../telemetry/mod.ts";
import { fingerprint } from "./fingerprint.ts";
import type { PodStore } from "./pod_store.ts";
import type { ServiceStore } from "./service_store.ts";
import { runStages } from "./stages.ts";
import type { Starved } from "./starved_keys.ts";
import type { StatusWriter } from "./status_writer.ts";

const log = getLogger(["berth", "services"]);

/** What the runner works with. */
export interface ServiceRunnerOptions {
  readonly cluster: string;
  readonly store: ServiceStore;
  readonly pods: PodStore;
  readonly ledger: Ledger;
  readonly pool: WorkerPool<Job, Outcome>;
  readonly writer: StatusWriter;
  readonly recorder: EventRecorder;
  readonly defaultPlane: PlaneName;
  /** From `planRelevant` of the newest nodes. */
  nodes(): string;
  /** Keys that found no address; they wait for one. */
  readonly starved: Starved;
  confirmed?(result: Confirmation): void;
  readonly clock: Clock;
}

/** A job that the plane confirmed and whose status is written. */
export interface Confirmation {
  readonly served: Served;
  /** As it is now. */
  readonly service: Service;
  /** The Service was not served before. */
  readonly first: boolean;
  /** Milliseconds that each stage took, from the moment the key was due. */
  readonly stages: Stages;
}

interface Known {
  readonly served: Served;
  /** Warnings of the plan, which the plane knows nothing of. */
  readonly planned: readonly string[];
  readonly plane: PlaneName;
  readonly fingerprint: string;
}

const done: RunResult = { kind: "done" };

/** Brings one Service at a time in line: decides, sends the job, writes what came of it. */
export class ServiceRunner {
  readonly #options: ServiceRunnerOptions;
  readonly #known = new Map<string, Known>();
  /** Keys that are served for the first time, but whose status could not be written yet. */
  readonly #untold = new Set<string>();
  /** Why Services are not served, as it was logged, by key. */
  readonly #refused = new Map<string, string>();
  /** Versions (uid) of Services of unknown classes that were told, by key. */
  readonly #strange = new Map<string, string>();

  constructor(options: ServiceRunnerOptions) {
    this.#options = options;
  }

  /** Something of ours exists for this key (`namespace/name`). */
  holds(key: string): boolean {
    return this.#known.has(key) || this.#options.ledger.held(this.#full(key)).length > 0;
  }

  /** Keys of Services that carry something of ours, served or not. */
  touched(): Iterable<string> {
    return this.#options.writer.keys();
  }

  /** Keys that are served now. */
  served(): Iterable<string> {
    return this.#known.keys();
  }

  /** The next run of this key applies everything again. */
  invalidate(key: string): void {
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, fingerprint: "" });
  }

  async run(
    key: string,
    signal: AbortSignal,
    { waitedMs }: Pick<RunInfo, "waitedMs"> = { waitedMs: 0 },
  ): Promise<RunResult> {
    const service = this.#options.store.service(key);
    const held = this.holds(key);
    const decision = service === undefined
      ? held ? "release" : "ignore"
      : ownership(service, { held });
    if (decision === "ignore") {
      this.#tellClass(key, service);
      this.#drop(key);
      return done;
    }
    const attributes = {
      "berth.cluster": this.#options.cluster,
      "berth.key": key,
      "berth.queued_ms": waitedMs,
    };
    return await withSpan(
      `berth.${decision}`,
      { attributes },
      () =>
        decision === "serve" && service !== undefined
          ? this.#serve(key, { service, signal, waitedMs })
          : this.release(key, signal),
    );
  }

  /** The plane moved an address by itself: the status follows. */
  async moved(served: Served): Promise<void> {
    const key = served.key.slice(this.#options.cluster.length + 1);
    const known = this.#known.get(key);
    const service = this.#options.store.service(key);
    if (known === undefined || service === undefined) return;
    const now = { ...served, warnings: [...served.warnings, ...known.planned] };
    this.#known.set(key, { ...known, served: now });
    await this.#options.writer.report(service, { kind: "served", served: now, plane: known.plane });
  }

  /** Takes everything of a key back, then lets the Service go. */
  async release(key: string, signal: AbortSignal): Promise<RunResult> {
    const { pool, ledger, writer, recorder, starved } = this.#options;
    const service = this.#own(key);
    if (service !== undefined) recorder.record(service, deleting);
    const job: Job = { kind: "remove", key: this.#full(key) };
    const outcome = await pool.run(job.key, job, { signal, traceparent: activeTraceparent() });
    if (outcome.kind === "failed") {
      return await this.#failed({ service, outcome, reason: "DeleteLoadBalancerFailed" });
    }
    this.#known.delete(key);
    starved.released(ledger.settle(job.key, []));
    if (service !== undefined) {
      if (service.metadata.deletionTimestamp === undefined) await writer.clear(service);
      await writer.removeFinalizer(service);
      recorder.record(service, deleted);
    }
    this.#drop(key);
    log.info("service released", { service: job.key });
    return done;
  }

  /** A class of ours that does not exist is a slip; nobody else will say so. */
  #tellClass(key: string, service: Service | undefined): void {
    const message = service === undefined ? undefined : unknownClass(service);
    if (service === undefined || message === undefined) {
      this.#strange.delete(key);
      return;
    }
    if (this.#strange.get(key) === service.metadata.uid) return;
    this.#strange.set(key, service.metadata.uid);
    this.#options.recorder.record(service, {
      ...{ type: "Warning", reason: "SyncLoadBalancerFailed", message },
    });
  }

  #logServed({ key, addresses }: Served, plane: PlaneName): void {
    const where = addresses.map(({ address, node }) => node ? `${address} on ${node}` : address);
    log.info("service served", { service: key, addresses: where.join(", "), plane });
  }

  async #serve(key: string, { service, signal, waitedMs }: ServeInput): Promise<RunResult> {
    const { writer, clock } = this.#options;
    const slices = this.#slices(key, service);
    const print = fingerprint({ service, slices, nodes: this.#options.nodes() });
    const known = this.#known.get(key);
    const first = known === undefined || this.#untold.has(key);
    if (known?.fingerprint === print && !first) {
      await writer.report(service, { kind: "served", ...known });
      await writer.addFinalizer(service);
      return done;
    }
    if (known === undefined) this.#options.recorder.record(service, ensuring);
    const asked = clock.now();
    // both to their end: the next run of this key must not meet a job under way
    const [applied, finalizer] = await Promise.allSettled([
      this.#ensure(key, { service, slices, signal }).then((outcome) => ({
        outcome,
        job: clock.now() - asked,
      })),
      writer.addFinalizer(service),
    ]);
    if (applied.status === "rejected") throw applied.reason;
    const { outcome, job } = applied.value;
    if (outcome.kind !== "served") return await this.#unserved(key, outcome);
    if (first) this.#untold.add(key);
    this.#applied(key, { outcome, print });
    if (finalizer.status === "rejected") throw finalizer.reason;
    return await this.#confirmed(key, { outcome, first, queue: waitedMs, job });
  }

  /** The control plane makes 20 slices a second: until a Service has one, its Pods tell. */
  #slices(key: string, service: Service): readonly EndpointSlice[] {
    const slices = this.#options.store.slices(key);
    return slices.length > 0
      ? slices
      : predictSlices(service, this.#options.pods.selected(service));
  }

  async #ensure(
    key: string,
    { service, slices, signal }: EnsureInput,
  ): Promise<Outcome> {
    const { ledger, pool, defaultPlane } = this.#options;
    const full = this.#full(key);
    try {
      const plane = choosePlane(service, defaultPlane);
      const job: Job = {
        kind: "ensure",
        key: full,
        service,
        slices,
        plane,
        view: ledger.view(full),
      };
      return await pool.run(full, job, { signal, traceparent: activeTraceparent() });
    } catch (error) {
      signal.throwIfAborted();
      return failure(error);
    }
  }

  /** The data path stands, whatever becomes of the status. */
  #applied(key: string, { outcome: { served, plane, planned = [] }, print }: Applied): void {
    const { ledger, starved } = this.#options;
    this.#known.set(key, { served, planned, plane, fingerprint: print });
    this.#refused.delete(key);
    starved.delete(key);
    starved.released(ledger.settle(served.key, served.addresses.map(({ address }) => address)));
  }

  async #confirmed(key: string, { outcome, first, queue, job }: Confirmed): Promise<RunResult> {
    const { store, writer, recorder, clock } = this.#options;
    const { served, plane } = outcome;
    const service = store.service(key);
    if (service === undefined) return { kind: "requeueAfter", ms: 0 };
    const asked = clock.now();
    const report = { kind: "served", served, plane } as const;
    const changed = await withSpan("berth.status", {}, () => writer.report(service, report));
    const stages = runStages(outcome.stages, { queue, job, status: clock.now() - asked });
    this.#untold.delete(key);
    this.#options.confirmed?.({ served, service, first, stages });
    if (first || changed) {
      recorder.record(service, first ? ensured : updated);
      this.#logServed(served, plane);
    }
    for (const event of outcome.events) recorder.record(service, event);
    return done;
  }

  async #unserved(key: string, outcome: Outcome): Promise<RunResult> {
    const { store, ledger, starved } = this.#options;
    const service = store.service(key);
    if (outcome.kind !== "failed") return { kind: "failed", retryable: true };
    if (waitsForOthers(outcome)) starved.add(key);
    // what a failed first try committed is not in use by anybody
    if (!this.#known.has(key)) ledger.settle(this.#full(key), statusAddresses(service));
    return await this.#failed({ service, outcome });
  }

  async #failed({ service, outcome, reason }: Failure): Promise<RunResult> {
    const { recorder, writer } = this.#options;
    if (service !== undefined) {
      for (const event of outcome.events) {
        recorder.record(service, { ...event, ...(reason === undefined ? {} : { reason }) });
      }
      this.#logRefused(service, outcome.message);
      const why = reason ?? outcome.events[0]?.reason ?? "SyncLoadBalancerFailed";
      await writer.report(service, { kind: "failed", reason: why, message: outcome.message });
    }
    return { kind: "failed", retryable: isRetryable(outcome.errorKind as ErrorKind) };
  }

  /** Once for each reason: a Service may be tried again for hours. */
  #logRefused(service: Service, message: string): void {
    const key = objectKey(service);
    if (this.#refused.get(key) === message) return;
    this.#refused.set(key, message);
    log.warn("service not served", { service: this.#full(key), reason: message });
  }

  /** The Service as long as it may be written to: not one of a foreign class that took the name. */
  #own(key: string): Service | undefined {
    const service = this.#options.store.service(key);
    if (service === undefined) return undefined;
    return ownership(service, { held: true }) === "abandon" ? undefined : service;
  }

  #drop(key: string): void {
    this.#options.starved.delete(key);
    this.#untold.delete(key);
    this.#refused.delete(key);
    this.#options.writer.forget(key);
  }

  #full(key: string): string {
    return `${this.#options.cluster}/${key}`;
  }
}

interface ServeInput {
  readonly service: Service;
  readonly signal: AbortSignal;
  readonly waitedMs: number;
}

interface EnsureInput {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly signal: AbortSignal;
}

type ServedOutcome = Outcome & { readonly kind: "served" };

interface Applied {
  readonly outcome: ServedOutcome;
  readonly print: string;
}

interface Confirmed {
  readonly outcome: ServedOutcome;
  readonly first: boolean;
  readonly queue: number;
  readonly job: number;
}

interface Failure {
  readonly service: Service | undefined;
  readonly outcome: Outcome & { readonly kind: "failed" };
  /** Of the event; the outcome's own when not given. */
  readonly reason?: string;
}

/** An address or a node may come free at any time: no need to wait for the back-off. */
function waitsForOthers({ errorKind }: Failure["outcome"]): boolean {
  return errorKind === "exhausted" || errorKind === "conflict";
}

function statusAddresses(service: Service | undefined): readonly string[] {
  return (service?.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

const ensuring = normal("EnsuringLoadBalancer", "Ensuring load balancer");
const ensured = normal("EnsuredLoadBalancer", "Ensured load balancer");
const updated = normal("UpdatedLoadBalancer", "Updated load balancer with new addresses");
const deleting = normal("DeletingLoadBalancer", "Deleting load balancer");
const deleted = normal("DeletedLoadBalancer", "Deleted load balancer");

function normal(reason: string, message: string): JobEvent {
  return { type: "Normal", reason, message };
}
