import { getLogger } from "@logtape/logtape";
import { type Clock, errorText } from "../../core/mod.ts";
import {
  type ClusterChange,
  ClusterLock,
  connectCluster,
  type KindCluster,
} from "../../clusters/mod.ts";
import type { ContainerEngine } from "../../runtime/types.ts";
import type { AddressBook } from "./address_book.ts";
import type { ClusterController } from "./cluster_controller.ts";
import type { Ledger } from "../../addresses/mod.ts";
import type { Settled } from "../../addresses/types.ts";
import { openGate } from "./gate.ts";

const log = getLogger(["berth", "clusters"]);

/** What the set is made of. */
export interface ClusterSetOptions {
  readonly engine: ContainerEngine;
  readonly book: AddressBook;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Clusters to serve; empty means every one. */
  readonly only: readonly string[];
  controller(cluster: string, options: ControllerStart): ClusterController;
}

/** What a controller is given beside the settings. */
export interface ControllerStart {
  readonly ledger: Ledger;
  readonly mayAllocate: Promise<void>;
  /** Hardware address of whoever has an address on the network, if anybody. */
  holderOf(address: string): Promise<string | undefined>;
  freed(settled: Settled, ledger: Ledger): void;
}

const waits = "another berth serves the cluster: this one waits until that one ends";

/** Longest wait for clusters to tell what they carry before others may allocate, milliseconds. */
const adoptionWait = 3_000;

interface Running {
  current: KindCluster;
  readonly stop: AbortController;
  readonly lock: ClusterLock;
  controller: ClusterController | undefined;
  server: string;
  readonly started: Promise<void>;
}

/** The clusters being served; each starts, stops and fails on its own. */
export class ClusterSet {
  readonly #options: ClusterSetOptions;
  readonly #running = new Map<string, Running>();
  /** Clusters that are gone and not yet forgotten, by name. */
  readonly #ending = new Map<string, Promise<void>>();
  readonly #gate: ReturnType<typeof openGate>;

  constructor(options: ClusterSetOptions) {
    this.#options = options;
    this.#gate = openGate({ ...options, longestWaitMs: adoptionWait });
    options.book.freed = (freed, ledger) => this.#freed({ freed, holders: [] }, ledger);
  }

  /** Follows one change; never waits for a cluster. */
  apply(change: ClusterChange): void {
    if (change.kind === "listed") return this.#gate.close();
    const { only } = this.#options;
    const { name } = change.cluster;
    if (only.length > 0 && !only.includes(name)) return;
    switch (change.kind) {
      case "added":
        return this.#add(change.cluster);
      case "changed":
        return this.#change(change.cluster);
      case "recreated":
        this.#remove(name);
        return this.#add(change.cluster);
      case "removed":
        return this.#remove(name);
    }
  }

  /** Takes every cluster's addresses back. */
  async releaseAll(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#running.values()].map(({ controller }) => controller?.releaseAll(signal)),
    );
  }

  /** Ends all controllers; the data paths stay as they are. */
  async stop(): Promise<void> {
    await Promise.all([...[...this.#running.values()].map(end), ...this.#ending.values()]);
    this.#running.clear();
  }

  #add(cluster: KindCluster): void {
    const stop = new AbortController();
    const adopted = Promise.withResolvers<void>();
    this.#gate.waitFor(adopted.promise);
    const { engine, clock } = this.#options;
    const running: Running = {
      current: cluster,
      stop,
      lock: new ClusterLock({ engine, clock, cluster: () => running.current }),
      controller: undefined,
      server: "",
      started: Promise.resolve().then(() => this.#start(running, adopted.resolve)),
    };
    this.#running.set(cluster.name, running);
    log.info("cluster found", { cluster: cluster.name, nodes: cluster.nodes.length });
  }

  async #start(running: Running, adopted: () => void): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, running.stop.signal]);
    const { name } = running.current;
    try {
      // both have the same keys: what the old one gives back must not be the new one's
      await this.#ending.get(name);
      await running.lock.take((why) => {
        if (why === "busy") log.warn(waits, { cluster: name });
        adopted();
      }, { signal });
      signal.throwIfAborted();
      const controller = await this.#retried(signal, () => this.#open(running));
      controller.setContainers(running.current.nodes);
      await controller.adopt().catch((error) => {
        if (signal.aborted) throw error;
        log.warn("data path not read", { cluster: name, error: errorText(error) });
      });
      adopted();
      await this.#connect(running, signal);
    } catch (error) {
      if (!signal.aborted) log.error("cluster lost", { cluster: name, error: errorText(error) });
    } finally {
      adopted();
    }
  }

  async #open(running: Running): Promise<ClusterController> {
    const { book, controller } = this.#options;
    const ledger = await book.ledger(running.current.network);
    const mayAllocate = this.#gate.opened;
    const freed: ControllerStart["freed"] = (settled, ledger) => this.#freed(settled, ledger);
    const holderOf = (address: string) => running.lock.holderOf(address);
    running.controller = controller(running.current.name, { ledger, mayAllocate, holderOf, freed });
    return running.controller;
  }

  async #connect(running: Running, signal: AbortSignal): Promise<void> {
    const { engine, clock } = this.#options;
    const access = await connectCluster(() => running.current, { engine, signal, clock });
    signal.throwIfAborted();
    if (access.server === running.server) return;
    running.server = access.server;
    log.info("connected", {
      cluster: access.cluster,
      server: access.server,
      version: access.version,
    });
    await running.controller?.connect(access.kubeconfig);
  }

  #change(cluster: KindCluster): void {
    const running = this.#running.get(cluster.name);
    if (running === undefined) return this.#add(cluster);
    const before = running.current;
    running.current = cluster;
    running.lock.follow();
    running.controller?.setContainers(cluster.nodes);
    if (JSON.stringify(before.api) === JSON.stringify(cluster.api) || !cluster.api.up) return;
    const signal = AbortSignal.any([this.#options.signal, running.stop.signal]);
    running.started.then(() => this.#connect(running, signal)).catch((error) => {
      if (signal.aborted) return;
      log.warn("cannot connect again", { cluster: cluster.name, error: errorText(error) });
    });
  }

  /** The containers are gone, and with them the data path: only the addresses are given back. */
  #remove(name: string): void {
    const running = this.#running.get(name);
    if (running === undefined) return;
    this.#running.delete(name);
    log.info("cluster gone", { cluster: name });
    const ended = Promise.all([end(running), this.#ending.get(name)]).then(() => {
      running.controller?.forget();
      if (this.#ending.get(name) === ended) this.#ending.delete(name);
    });
    this.#ending.set(name, ended);
  }

  #freed(settled: Settled, ledger: Ledger): void {
    for (const { controller } of this.#running.values()) {
      controller?.addressesFreed(settled, ledger);
    }
  }

  async #retried<T>(signal: AbortSignal, open: () => Promise<T>): Promise<T> {
    for (let attempt = 0;; attempt++) {
      try {
        return await open();
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === 0) log.warn("cluster cannot start yet", { error: errorText(error) });
        await this.#options.clock.sleep(Math.min(200 * 2 ** attempt, 5_000), signal);
      }
    }
  }
}

async function end(running: Running): Promise<void> {
  running.stop.abort();
  await running.started;
  await running.controller?.[Symbol.asyncDispose]().catch((error) =>
    log.warn("cluster did not end cleanly", { error: errorText(error) })
  );
  await running.lock[Symbol.asyncDispose]();
}
