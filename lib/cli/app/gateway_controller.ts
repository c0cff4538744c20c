import { getLogger } from "@logtape/logtape";
import type { AddOptions, RunInfo, RunResult } from "../../dispatch/mod.ts";
import type { GatewayChannel } from "../../gateway/mod.ts";
import { objectKey } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { listedWithin } from "./first_listing.ts";
import { GatewayAccounts } from "./gateway_accounts.ts";
import { GatewayApi, type GatewayApiHandlers, type WatchedKind } from "./gateway_api.ts";
import { restorableAddresses } from "./gateway_restore.ts";
import type { GatewayKind } from "./gateway_kinds.ts";
import { GatewayReporter } from "./gateway_reporter.ts";
import { GatewayRunner } from "./gateway_runner.ts";
import { GatewaySetup } from "./gateway_setup.ts";
import { GatewayStore } from "./gateway_store.ts";
import { ObjectWriter } from "./object_writer.ts";
import { ReferenceWatch } from "./reference_watch.ts";
import type { RouteController, RouteControllerOptions, RouteSession } from "./route_controller.ts";

const log = getLogger(["berth", "gateway"]);

/** Options of {@link GatewayController}. */
export interface GatewayControllerOptions extends RouteControllerOptions {
  readonly channel: GatewayChannel;
}

interface Connected {
  readonly api: GatewayApi;
  readonly references: ReferenceWatch;
  readonly runner: GatewayRunner;
  readonly reporter: GatewayReporter;
  readonly setup: GatewaySetup;
  readonly writer: ObjectWriter;
}

/** Kinds whose status has entries of several controllers. */
const entryKinds = [
  ...(["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const),
  "BackendTLSPolicy",
] as const;

/** After a start, time until entries of Gateways that are gone are looked for, milliseconds. */
const settleTime = 5_000;

/** Longest wait for the first listing of the Gateway API, milliseconds. */
const firstListing = 3_000;

/**
 * The Gateway API of one cluster. Its keys in the dispatcher: `gateway/<namespace>/<name>`,
 * `~class/<name>`, `~entries/<kind>/<namespace>/<name>`, `~definitions`, `~classes`.
 */
export class GatewayController implements RouteController {
  readonly #options: GatewayControllerOptions;
  readonly #store = new GatewayStore();
  #connected: Connected | undefined;
  #live = false;
  #listed: Promise<void> = Promise.resolve();
  #installed = false;
  #classesMade = false;

  constructor(options: GatewayControllerOptions) {
    this.#options = options;
  }

  /** True for keys that this controller runs. */
  owns(key: string): boolean {
    return key.startsWith("~") || /^gateway\/[^/]+\/[^/]+$/.test(key);
  }

  /**
   * Starts the watches. Resolves when the addresses in Gateways' statuses are noted in the ledger,
   * or when it takes too long to find out; rejects never.
   */
  async connect(session: RouteSession): Promise<void> {
    await this.disconnect();
    const connected = this.#connect(session);
    this.#connected = connected;
    const { clock } = this.#options;
    this.#listed = connected.api.ready();
    await listedWithin(this.#listed, { clock, ms: firstListing, signal: session.signal });
    this.#restore();
  }

  /** Runs may start, as soon as all is listed: a Gateway without its routes would lose them. */
  start(): void {
    const connected = this.#connected;
    void this.#listed.then(() => this.#begin(connected));
  }

  #begin(connected: Connected | undefined): void {
    if (connected === undefined || this.#connected !== connected) return;
    this.#restore();
    this.#live = true;
    for (const gateway of this.#store.all("Gateway")) this.#add(objectKey(gateway));
    this.#addAll(this.#heldKeys());
    for (const { metadata } of this.#store.all("GatewayClass")) {
      this.#ask(`~class/${metadata.name}`);
    }
    for (const kind of entryKinds) {
      // after the Gateways' plans have told what they stand behind
      const options = { delayMs: settleTime };
      for (const object of this.#store.all(kind)) {
        this.#options.add(`~entries/${kind}/${objectKey(object)}`, options);
      }
    }
  }

  /** Ends the watches on the API server of the moment. */
  async disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    await connected?.api[Symbol.asyncDispose]();
    await connected?.references[Symbol.asyncDispose]();
  }

  /** A Service or its endpoints changed. */
  serviceChanged(key: string): void {
    this.#addAll(this.#store.concernedBy(`Service/${key}`));
  }

  /** Nodes changed: every Gateway's routes to Pods may. */
  nodesChanged(): void {
    for (const key of this.#connected?.runner.known() ?? []) this.#add(key);
  }

  /** The data path of a Gateway (by its full key) is gone: it is applied again. */
  applyAgain(full: string, options: AddOptions = {}): void {
    const key = full.split("/").slice(2).join("/");
    this.#connected?.runner.invalidate(key);
    this.#add(key, options);
  }

  /** Full keys of the Gateways that a worker carries. */
  carriedBy(worker: number): readonly string[] {
    const { runner } = this.#connected ?? {};
    if (runner === undefined) return [];
    const keys = [...runner.known()].map((key) => runner.full(key));
    return keys.filter((key) => this.#options.pool.workerOf(key) === worker);
  }

  /** Takes a Gateway off the data path (berth ends); its status says so. */
  async release(key: string, signal: AbortSignal): Promise<void> {
    await this.#connected?.runner.release(key.slice("gateway/".length), signal, true);
  }

  async run(key: string, signal: AbortSignal, info: RunInfo): Promise<RunResult> {
    const connected = this.#connected;
    if (connected === undefined) return { kind: "done" };
    const { runner, setup, reporter } = connected;
    const [kind, rest] = [key.split("/")[0] ?? "", key.slice(key.indexOf("/") + 1)];
    switch (kind) {
      case "gateway":
        // before all is listed, a Gateway that is there looks like one that is gone
        return this.#live ? await runner.run(rest, signal, info) : { kind: "done" };
      case "~class":
        await setup.reportClass(rest);
        break;
      case "~entries":
        await reporter.prune(rest);
        break;
      case "~definitions":
        await setup.install();
        break;
      case "~classes":
        await setup.createClasses();
        break;
    }
    return { kind: "done" };
  }

  #connect({ client, recorder, signal }: RouteSession): Connected {
    const { cluster, clock, channel, ledger, pool, services, random, starved } = this.#options;
    const store = this.#store;
    const handlers = this.#handlers();
    const api = new GatewayApi({ cluster, client, clock, signal, handlers });
    const references = new ReferenceWatch({
      ...{ cluster, client, clock, signal, random },
      changed: (name) => this.#addAll(store.concernedBy(name)),
    });
    const writer = new ObjectWriter({
      ...{ client, clock, signal },
      version: (kind) => api.version(kind),
      seen: (kind, key) => store.object(kind, key),
      undone: (kind, key, delayMs) => this.#lookAgain(kind, key, delayMs),
    });
    const reporter = new GatewayReporter({ store, writer });
    const accounts = new GatewayAccounts({ client, signal });
    const runner = new GatewayRunner({
      ...{ cluster, store, services, ledger, pool, references, reporter, accounts },
      ...{ recorder, clock },
      families: () => this.#options.families(),
      starved: {
        add: (key) => starved.add(`gateway/${key}`),
        delete: (key) => starved.delete(`gateway/${key}`),
        released: (settled) => starved.released(settled),
      },
    });
    const setup = new GatewaySetup({
      ...{ cluster, channel, client, clock, signal, store, writer },
      definitions: () => api.definitions,
    });
    return { api, references, runner, reporter, setup, writer };
  }

  #handlers(): GatewayApiHandlers {
    const store = this.#store;
    return {
      sync: (kind, objects) => {
        this.#addAll(store.sync(kind, objects));
        for (const object of objects) this.#seen(kind, object);
        if (kind === "GatewayClass") this.#classesSynced();
      },
      applied: (kind, object) => {
        this.#addAll(store.put(kind, object));
        this.#seen(kind, object);
      },
      deleted: (kind, object) => {
        this.#addAll(store.remove(kind, object));
        if (kind !== "Namespace") this.#connected?.writer.forget(kind, objectKey(object));
      },
      definitions: () => {
        // what a person removes later stays away
        if (!this.#installed) this.#options.add("~definitions");
        this.#installed = true;
      },
    };
  }

  #classesSynced(): void {
    // classes go with their definition, and come again with it
    const served = this.#connected?.api.version("GatewayClass") !== undefined;
    if (served && !this.#classesMade) this.#options.add("~classes");
    this.#classesMade = served;
  }

  /** Our own statuses are looked at again when somebody else touched their objects. */
  #seen(kind: WatchedKind, object: KubeObject): void {
    if (kind === "GatewayClass") this.#ask(`~class/${object.metadata.name}`);
    if (this.#connected?.reporter.isDoubtful(kind, object)) {
      this.#ask(`~entries/${kind}/${objectKey(object)}`);
    }
  }

  /** A status could not be written for now. */
  #lookAgain(kind: GatewayKind, key: string, delayMs: number): void {
    if (kind === "GatewayClass") this.#options.add(`~class/${key}`, { delayMs });
    else for (const gateway of this.#store.concerning(kind, key)) this.#add(gateway, { delayMs });
  }

  #restore(): void {
    const { ledger, cluster } = this.#options;
    for (const object of this.#store.all("Gateway")) {
      const key = objectKey(object);
      const gateway = this.#store.gateway(key);
      if (gateway === undefined) continue;
      for (const address of restorableAddresses(gateway, ledger.pools)) {
        const use = { ports: [], sharingKey: "", backend: "" };
        const kept = ledger.restore(`${cluster}/gateway/${key}`, address, use);
        if (!kept) log.warn("address has two holders, one gets another", { gateway: key, address });
      }
    }
  }

  /** Gateways that hold an address, there or not. */
  *#heldKeys(): Iterable<string> {
    const prefix = `${this.#options.cluster}/gateway/`;
    for (const key of this.#options.ledger.keys()) {
      if (key.startsWith(prefix)) yield key.slice(prefix.length);
    }
  }

  #addAll(keys: Iterable<string>): void {
    for (const key of keys) this.#add(key);
  }

  #add(key: string, options: AddOptions = {}): void {
    if (this.#live) this.#options.add(`gateway/${key}`, options);
  }

  #ask(key: string): void {
    if (this.#live) this.#options.add(key);
  }
}
