import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import type { AddOptions, RunInfo, RunResult } from "../../dispatch/mod.ts";
import { type Ingress, ingressKey } from "../../ingress/mod.ts";
import { listedWithin } from "./first_listing.ts";
import { givenAddresses } from "./gateway_restore.ts";
import {
  createIngressClasses,
  type IngressWatches,
  watchIngresses,
  writeIngressStatus,
} from "./ingress_api.ts";
import { IngressRunner } from "./ingress_runner.ts";
import { IngressStore } from "./ingress_store.ts";
import { ReferenceWatch } from "./reference_watch.ts";
import type { RouteController, RouteControllerOptions, RouteSession } from "./route_controller.ts";

const log = getLogger(["berth", "ingress"]);

/** Options of {@link IngressController}. */
export interface IngressControllerOptions extends RouteControllerOptions {
  /** Our class becomes the default one, unless the cluster has one. */
  readonly asDefault: boolean;
}

interface Connected {
  readonly stop: AbortController;
  readonly watches: IngressWatches;
  readonly references: ReferenceWatch;
  readonly runner: IngressRunner;
  readonly session: RouteSession;
}

const key = "ingress";
const classesKey = "ingress-classes";

/** Longest wait for the first listing, milliseconds. */
const firstListing = 3_000;

/** The Ingresses of one cluster: all share one proxy and so one key, `ingress`. */
export class IngressController implements RouteController {
  readonly #options: IngressControllerOptions;
  readonly #store = new IngressStore();
  #connected: Connected | undefined;
  #live = false;

  constructor(options: IngressControllerOptions) {
    this.#options = options;
  }

  owns(name: string): boolean {
    return name === key || name === classesKey;
  }

  async connect(session: RouteSession): Promise<void> {
    await this.disconnect();
    const connected = this.#connect(session);
    this.#connected = connected;
    const { clock } = this.#options;
    const { signal } = session;
    await listedWithin(connected.watches.synced, { clock, ms: firstListing, signal });
    this.#restore();
  }

  /** Runs may start, as soon as all is listed: without its Ingresses a proxy would be taken away. */
  start(): void {
    const connected = this.#connected;
    void connected?.watches.synced.then(() => this.#begin(connected));
  }

  #begin(connected: Connected): void {
    if (this.#connected !== connected) return;
    this.#restore();
    this.#live = true;
    this.#options.add(classesKey);
    this.#options.add(key);
  }

  async disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    connected?.stop.abort();
    await connected?.watches.ended;
    await connected?.references[Symbol.asyncDispose]();
  }

  serviceChanged(service: string): void {
    if (this.#live && this.#store.leadsTo(service)) this.#ask();
  }

  nodesChanged(): void {
    if (this.#connected?.runner.serves === true) this.#ask();
  }

  applyAgain(_full: string, options: AddOptions = {}): void {
    this.#connected?.runner.invalidate();
    this.#options.add(key, options);
  }

  carriedBy(worker: number): readonly string[] {
    const { cluster, pool } = this.#options;
    const full = ingressKey(cluster);
    const serves = this.#connected?.runner.serves === true;
    return serves && pool.workerOf(full) === worker ? [full] : [];
  }

  async release(name: string, signal: AbortSignal): Promise<void> {
    if (name === key) await this.#connected?.runner.release(signal);
  }

  async run(name: string, signal: AbortSignal, _info: RunInfo): Promise<RunResult> {
    const connected = this.#connected;
    // before all is listed, Ingresses that are there look like ones that are gone
    if (connected === undefined || !this.#live) return { kind: "done" };
    if (name === key) return await connected.runner.run(signal);
    const { session: { client } } = connected;
    const { asDefault, cluster } = this.#options;
    await createIngressClasses(this.#store.classes(), { client, signal, asDefault })
      .catch((error) => {
        signal.throwIfAborted();
        log.warn("IngressClass not created", { cluster, error: errorText(error) });
      });
    return { kind: "done" };
  }

  #connect(session: RouteSession): Connected {
    const { cluster, clock, ledger, pool, services, random } = this.#options;
    const { families, starved } = this.#options;
    const { client, recorder } = session;
    const stop = new AbortController();
    const signal = AbortSignal.any([session.signal, stop.signal]);
    const watching = { cluster, client, clock, signal, random };
    const changed = () => this.#ask();
    const references = new ReferenceWatch({ ...watching, changed });
    const runner = new IngressRunner({
      ...{ cluster, store: this.#store, services, references, ledger, pool, recorder, clock },
      ...{ families, starved },
      write: (status) => writeIngressStatus(status, { client, signal }),
    });
    const watches = watchIngresses({ ...watching, store: this.#store, changed });
    return { stop, watches, references, runner, session };
  }

  /** Addresses in our Ingresses' statuses are their proxy's. */
  #restore(): void {
    const { ledger, cluster } = this.#options;
    const shown = this.#store.ours().flatMap(addressesOf);
    for (const address of new Set(givenAddresses(shown, ledger.pools))) {
      const use = { ports: [], sharingKey: "" };
      const kept = ledger.restore(ingressKey(cluster), address, use);
      if (!kept) log.warn("address has two holders, Ingresses get another", { cluster, address });
    }
  }

  #ask(): void {
    if (this.#live) this.#options.add(key);
  }
}

function addressesOf({ status }: Ingress): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}
