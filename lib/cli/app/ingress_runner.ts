import { getLogger } from "@logtape/logtape";
import { type Clock, type ErrorKind, isRetryable, stableJson } from "../../core/mod.ts";
import type { Ledger } from "../../addresses/mod.ts";
import type { RunResult, WorkerPool } from "../../dispatch/mod.ts";
import type { IngressOutcome, Job, Outcome } from "../../dispatch/types.ts";
import {
  type IngressInput,
  ingressKey,
  ingressReferences,
  type IngressStatusWrite,
} from "../../ingress/mod.ts";
import { type EventRecorder, objectKey } from "../../kube/mod.ts";
import { activeTraceparent, withSpan } from "../../telemetry/mod.ts";
import type { IngressStore } from "./ingress_store.ts";
import { referenceKey, type ReferenceWatch } from "./reference_watch.ts";
import type { ServiceStore } from "./service_store.ts";
import type { Starved } from "./starved_keys.ts";

const log = getLogger(["berth", "ingress"]);

/** What the runner works with. */
export interface IngressRunnerOptions {
  readonly cluster: string;
  readonly store: IngressStore;
  readonly services: Pick<ServiceStore, "service" | "slices">;
  readonly references: Pick<ReferenceWatch, "hold" | "secrets">;
  readonly ledger: Ledger;
  readonly pool: Pick<WorkerPool<Job, Outcome>, "run">;
  readonly recorder: Pick<EventRecorder, "record">;
  readonly clock: Clock;
  /** Writes one status; an Ingress that is gone is fine. */
  write(status: IngressStatusWrite): Promise<void>;
  /** Families of the cluster's Pods. */
  families(): string;
  /** Keys that found no address; they wait for one. */
  readonly starved: Starved;
}

const done: RunResult = { kind: "done" };

/** Brings the one proxy of a cluster's Ingresses in line, and tells what came of it. */
export class IngressRunner {
  readonly #options: IngressRunnerOptions;
  readonly #key: string;
  #fingerprint = "";
  #outcome: IngressOutcome | undefined;
  /** Problems that were told already. */
  #told: ReadonlySet<string> = new Set();
  /** Ingresses (`namespace/name`) whose status we wrote, and whether it shows an address. */
  readonly #written = new Map<string, boolean>();

  constructor(options: IngressRunnerOptions) {
    this.#options = options;
    this.#key = ingressKey(options.cluster);
  }

  /** Something of ours is served. */
  get serves(): boolean {
    return this.#outcome?.served !== undefined;
  }

  /** The next run applies everything again. */
  invalidate(): void {
    this.#fingerprint = "";
  }

  async run(signal: AbortSignal): Promise<RunResult> {
    const { store, cluster } = this.#options;
    if (store.ours().length === 0) return this.#holds() ? await this.release(signal) : done;
    const attributes = { "berth.cluster": cluster, "berth.key": "ingress" };
    return await withSpan("berth.serve", { attributes }, () => this.#serve(signal));
  }

  /** Takes the proxy away and its addresses out of the statuses, and gives them back. */
  async release(signal: AbortSignal): Promise<RunResult> {
    const { pool, ledger, references, starved, store } = this.#options;
    const job: Job = { kind: "remove", key: this.#key };
    const outcome = await pool.run(job.key, job, { signal, traceparent: activeTraceparent() });
    if (outcome.kind === "failed") return failed(outcome.errorKind);
    // a status that an earlier run of berth wrote is as stale as ours
    await this.#clear(new Set([...this.#written.keys(), ...store.ours().map(objectKey)]));
    this.#outcome = undefined;
    this.#fingerprint = "";
    starved.delete("ingress");
    starved.released(ledger.settle(this.#key, []));
    await references.hold("ingress", []);
    log.info("Ingresses released", { cluster: this.#options.cluster });
    return done;
  }

  #holds(): boolean {
    return this.#outcome !== undefined || this.#options.ledger.held(this.#key).length > 0;
  }

  async #serve(signal: AbortSignal): Promise<RunResult> {
    const input = await this.#input();
    if (input === undefined) return failed("unavailable");
    const print = fingerprint(input, this.#options.families());
    if (print !== this.#fingerprint || this.#outcome === undefined) {
      const { ledger, pool } = this.#options;
      const job: Job = { kind: "ingress", key: this.#key, input, view: ledger.view(this.#key) };
      const outcome = await pool.run(job.key, job, { signal, traceparent: activeTraceparent() });
      if (outcome.kind !== "ingress") {
        return failed(outcome.kind === "failed" ? outcome.errorKind : "internal");
      }
      this.#settle(outcome);
      this.#fingerprint = outcome.failure === undefined ? print : "";
    }
    await this.#tell();
    const failure = this.#outcome?.failure;
    return failure === undefined ? done : failed(failure.errorKind);
  }

  /** Undefined while not all Secrets are known: their hosts would lose HTTPS. */
  async #input(): Promise<IngressInput | undefined> {
    const { cluster, store, services, references } = this.#options;
    const ingresses = store.ours();
    const named = ingressReferences(ingresses);
    const secrets = named.secrets.map((name) => referenceKey("Secret", name));
    if (!(await references.hold("ingress", secrets))) return undefined;
    const keys = named.services.map(({ namespace, name }) => `${namespace}/${name}`);
    return {
      ...{ cluster, ingresses, addresses: [] },
      services: keys.flatMap((key) => services.service(key) ?? []),
      slices: keys.flatMap((key) => services.slices(key)),
      secrets: references.secrets(named.secrets),
    };
  }

  /** The data path stands, whatever becomes of the statuses. */
  #settle(outcome: IngressOutcome): void {
    const { ledger, starved, cluster } = this.#options;
    const first = !this.serves && outcome.served !== undefined;
    this.#outcome = outcome;
    if (outcome.failure?.errorKind === "exhausted") starved.add("ingress");
    else starved.delete("ingress");
    // what could not be applied may be applied yet: its addresses stay
    if (outcome.failure !== undefined) return;
    const now = (outcome.served?.addresses ?? []).map(({ address }) => address);
    starved.released(ledger.settle(this.#key, now));
    if (first) log.info("Ingresses served", { cluster, addresses: now.join(", ") });
  }

  async #tell(): Promise<void> {
    const { store, write } = this.#options;
    this.#record();
    const statuses = this.#outcome?.statuses ?? [];
    const written = await Promise.allSettled(statuses.map(async (status) => {
      const key = `${status.namespace}/${status.name}`;
      const now = store.ingress(key)?.status?.loadBalancer;
      this.#written.set(key, (status.loadBalancer.ingress ?? []).length > 0);
      if (now !== undefined && stableJson(now) === stableJson(status.loadBalancer)) return;
      await write(status);
    }));
    await this.#clearLeavers(statuses);
    throwFirst(written);
  }

  /** An Ingress that stopped being ours must not point at our address. */
  async #clearLeavers(statuses: readonly IngressStatusWrite[]): Promise<void> {
    const kept = new Set(statuses.map(({ namespace, name }) => `${namespace}/${name}`));
    await this.#clear(new Set([...this.#written.keys()].filter((each) => !kept.has(each))));
  }

  /** Empties the statuses that show an address of ours; each is tried, then the first failure. */
  async #clear(keys: ReadonlySet<string>): Promise<void> {
    const { ledger, store, write } = this.#options;
    const ours = new Set(ledger.held(this.#key));
    const results = await Promise.allSettled([...keys].map(async (key) => {
      const ingress = store.ingress(key);
      const shown = ingress?.status?.loadBalancer?.ingress ?? [];
      // its watch may be behind our last write
      const isOurs = shown.length === 0
        ? this.#written.get(key) === true
        : shown.some(({ ip }) => ip !== undefined && ours.has(ip));
      if (ingress !== undefined && isOurs) {
        const { namespace = "default", name } = ingress.metadata;
        await write({ namespace, name, loadBalancer: { ingress: [] } });
      }
      this.#written.delete(key);
    }));
    throwFirst(results);
  }

  /** Each problem once, on the Ingress that has it; a failure of the proxy on all of them. */
  #record(): void {
    const { store, recorder } = this.#options;
    const { problems = [], failure, served } = this.#outcome ?? {};
    const common = [
      ...(failure === undefined ? [] : [failure.message]),
      ...(served?.refused ?? []).map(({ port, message }) => `port ${port}: ${message}`),
    ];
    const all = [
      ...problems,
      ...common.flatMap((message) =>
        store.ours().map(({ metadata: { namespace = "default", name } }) => ({
          ...{ namespace, name, reason: "NotServed", message },
        }))
      ),
    ];
    const told = new Set<string>();
    for (const { namespace, name, reason, message } of all) {
      const ingress = store.ingress(`${namespace}/${name}`);
      const id = `${ingress?.metadata.uid} ${message}`;
      told.add(id);
      if (ingress === undefined || this.#told.has(id)) continue;
      const subject = { ...ingress, apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
      recorder.record(subject, { type: "Warning", reason, message });
    }
    this.#told = told;
  }
}

/** Changes exactly when the plan could come out differently; holds no secret. */
function fingerprint(input: IngressInput, families: string): string {
  const { ingresses, services, slices, secrets } = input;
  return stableJson([
    ingresses.map(({ metadata, spec }) => [metadata.uid, metadata.creationTimestamp, spec]),
    services.map(({ metadata, spec }) => [metadata.uid, spec]),
    slices.map(({ metadata, ...rest }) => [metadata.namespace, metadata.labels, rest]),
    secrets.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]),
    families,
  ]);
}

function failed(kind: string): RunResult {
  return { kind: "failed", retryable: isRetryable(kind as ErrorKind) };
}

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
