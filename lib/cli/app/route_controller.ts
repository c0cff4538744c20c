import type { Ledger } from "../../addresses/mod.ts";
import type { Clock } from "../../core/mod.ts";
import type { AddOptions, RunInfo, RunResult, WorkerPool } from "../../dispatch/mod.ts";
import type { Job, Outcome } from "../../dispatch/types.ts";
import type { EventRecorder, KubeClient } from "../../kube/mod.ts";
import type { ServiceStore } from "./service_store.ts";
import type { Starved } from "./starved_keys.ts";

/** What a controller of Gateways or Ingresses works with. */
export interface RouteControllerOptions {
  readonly cluster: string;
  readonly ledger: Ledger;
  readonly pool: Pick<WorkerPool<Job, Outcome>, "run" | "workerOf">;
  readonly services: ServiceStore;
  readonly clock: Clock;
  /** 0..1, spreads retries. */
  random(): number;
  /** Families of the cluster's Pods: which addresses a proxy gets. */
  families(): string;
  /** Asks the dispatcher for a run of a key. */
  add(key: string, options?: AddOptions): void;
  /** Keys that found no address; they wait for one. */
  readonly starved: Starved;
}

/** The API server of the moment. */
export interface RouteSession {
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly signal: AbortSignal;
}

/** A part of a cluster that a proxy serves; its keys share the cluster's dispatcher. */
export interface RouteController {
  /** True for keys that this controller runs. */
  owns(key: string): boolean;
  /**
   * Starts the watches. Resolves when the addresses in statuses are noted in the ledger, or when it
   * takes too long to find out; rejects never.
   */
  connect(session: RouteSession): Promise<void>;
  /** Runs may start: everything known is looked at once. */
  start(): void;
  /** Ends the watches on the API server of the moment. */
  disconnect(): Promise<void>;
  /** A Service or its endpoints changed. */
  serviceChanged(key: string): void;
  /** Nodes changed: routes to Pods may. */
  nodesChanged(): void;
  /** The data path of a full key is gone: it is applied again. */
  applyAgain(full: string, options?: AddOptions): void;
  /** Full keys that a worker carries. */
  carriedBy(worker: number): readonly string[];
  /** Takes a key off the data path (berth ends) and its addresses out of the statuses. */
  release(key: string, signal: AbortSignal): Promise<void>;
  run(key: string, signal: AbortSignal, info: RunInfo): Promise<RunResult>;
}
