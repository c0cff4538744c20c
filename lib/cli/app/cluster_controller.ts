import { getLogger } from "@logtape/logtape";
import { type Clock, errorText } from "../../core/mod.ts";
import type { Ledger } from "../../addresses/mod.ts";
import type { Settled } from "../../addresses/types.ts";
import type { ClusterNode } from "../../clusters/mod.ts";
import {
  type AddOptions,
  createDispatcher,
  createWorkerPool,
  type Dispatcher,
  type RunInfo,
  type WorkerPool,
} from "../../dispatch/mod.ts";
import type { Job, JobNode, Outcome, WorkerInit, WorkerNotice } from "../../dispatch/types.ts";
import { EventRecorder } from "../../kube/mod.ts";
import type { Node } from "../../kube/types.ts";
import type { GatewayChannel } from "../../gateway/mod.ts";
import type { PlaneName } from "../../planes/types.ts";
import { addressUse, ownership, type Proposal, wasOurs } from "../../services/mod.ts";
import { commitAddresses } from "./address_commit.ts";
import { type ApiHandlers, type ApiSession, openApiSession } from "./api_session.ts";
import { GatewayController } from "./gateway_controller.ts";
import { IngressController } from "./ingress_controller.ts";
import { nodeView, planRelevant, podFamilies } from "./node_view.ts";
import { type Confirmation, ServiceRunner } from "./service_runner.ts";
import { PodStore } from "./pod_store.ts";
import type { RouteController } from "./route_controller.ts";
import { ServiceStore } from "./service_store.ts";
import { StarvedKeys } from "./starved_keys.ts";
import { StatusWriter } from "./status_writer.ts";
import { tunnelledPool } from "./tunnelled_pool.ts";
import type { Tunnels } from "./tunnels.ts";

const log = getLogger(["berth", "cluster"]);

/** Longest run of one job, milliseconds. */
const jobDeadline = 30_000;

/** Workers may have containers to remove before they end, milliseconds. */
const drainTime = 10_000;

/** A worker that dies at once after its start must not keep a core busy, milliseconds. */
const lostWorkerDelay = 500;

/** Options of {@link ClusterController}. */
export interface ClusterControllerOptions {
  readonly cluster: string;
  readonly ledger: Ledger;
  /** The first is the default. */
  readonly planes: readonly [PlaneName, ...PlaneName[]];
  readonly workers: number;
  readonly workerPermissions: Deno.PermissionOptions;
  readonly workerEntry: URL;
  readonly socketPath?: string;
  readonly envoy?: WorkerInit["envoy"];
  /** Makes the addresses answer on this machine where it cannot route to them. */
  readonly tunnels?: Tunnels;
  readonly log: WorkerInit["log"];
  readonly clock: Clock;
  /** Which definitions of the Gateway API a cluster gets; absent: Gateways are not served. */
  readonly gatewayChannel?: GatewayChannel;
  /** Absent: Ingresses are not served. */
  readonly ingress?: { readonly asDefault: boolean };
  /** Resolves when every cluster known at the start has told which addresses it carries. */
  readonly mayAllocate: Promise<void>;
  confirmed?(result: Confirmation): void;
  /** Hardware address of whoever has an address on the network, if anybody. */
  holderOf?(address: string): Promise<string | undefined>;
  /**
   * Addresses came free: tells `addressesFreed` of every cluster, as others on the ledger may be
   * waiting for them; absent where there are no others.
   */
  freed?(settled: Settled, ledger: Ledger): void;
}

/** Serves the LoadBalancer Services of one cluster. */
export class ClusterController implements AsyncDisposable {
  readonly #options: ClusterControllerOptions;
  readonly #store = new ServiceStore();
  readonly #pods = new PodStore();
  readonly #pool: WorkerPool<Job, Outcome>;
  readonly #dispatcher: Dispatcher;
  readonly #stop = new AbortController();
  readonly #kubeNodes = new Map<string, Node>();
  #containers: readonly ClusterNode[] | undefined;
  #nodes: readonly JobNode[] = [];
  #relevant = "";
  #session: ApiSession | undefined;
  #runner: ServiceRunner | undefined;
  #recorder: EventRecorder | undefined;
  /** Keys that found no address. */
  readonly #starved: StarvedKeys;
  /** Gateways and Ingresses, where they are served. */
  readonly #routes: readonly RouteController[];

  constructor(options: ClusterControllerOptions) {
    this.#options = options;
    const { cluster, clock, planes, socketPath, envoy } = options;
    const init: WorkerInit = {
      cluster,
      planes,
      log: options.log,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(envoy === undefined ? {} : { envoy }),
    };
    const pool = createWorkerPool<Job, Outcome>({
      entry: options.workerEntry,
      name: `berth-${cluster}`,
      size: options.workers,
      permissions: options.workerPermissions,
      init,
      clock,
      deadlineMs: jobDeadline,
      call: { commit: (args) => commitAddresses(args as Proposal, options) },
      onNotice: (notice) => this.#noticed(notice as WorkerNotice),
      onLost: (worker) => this.#workerLost(worker),
    });
    this.#pool = options.tunnels === undefined ? pool : tunnelledPool(pool, options.tunnels);
    this.#dispatcher = createDispatcher({
      clock,
      random: Math.random,
      run: (key, signal, info) => this.#run(key, signal, info),
      onError: (key, error) =>
        log.warn("job failed", { cluster, service: key, error: errorText(error) }),
    });
    this.#starved = new StarvedKeys({ ...options, wake: (key) => this.#dispatcher.add(key) });
    this.#routes = this.#newRoutes();
  }

  /** The cluster's node containers; undefined for a cluster that is not made of containers. */
  setContainers(containers: readonly ClusterNode[] | undefined): void {
    this.#containers = containers;
    this.#nodesChanged();
  }

  /** Asks the data path what it carries and notes it in the ledger, before anything is given. */
  async adopt(): Promise<void> {
    const { cluster, ledger } = this.#options;
    const signal = this.#stop.signal;
    const outcome = await this.#pool.run("list", { kind: "list" }, { signal });
    if (outcome.kind !== "listed") return;
    for (const { key, addresses } of outcome.served) {
      for (const { address } of addresses) ledger.adopt(key, address);
    }
    log.info("data path read", { cluster, services: outcome.served.length });
  }

  /** Connects (again): watches start on this API server, those on another one end. */
  async connect(kubeconfig: string): Promise<void> {
    const { cluster, clock } = this.#options;
    const signal = this.#stop.signal;
    await Promise.all(this.#routes.map((routes) => routes.disconnect()));
    await this.#session?.[Symbol.asyncDispose]();
    const listed = Promise.withResolvers<void>();
    const handlers = this.#handlers(listed.promise);
    const session = openApiSession({ cluster, kubeconfig, handlers, clock, signal });
    this.#session = session;
    const { client } = session;
    this.#recorder = new EventRecorder({
      client,
      clock,
      signal,
      onError: (error) => log.debug("event not written", { cluster, error: errorText(error) }),
    });
    this.#runner = this.#newRunner(new StatusWriter({ client, clock, signal }), this.#recorder);
    const shared = { client, recorder: this.#recorder, signal };
    await Promise.all(this.#routes.map((routes) => routes.connect(shared)));
    listed.resolve();
  }

  /** Takes everything off the data path and out of the Services' status. */
  async releaseAll(signal: AbortSignal): Promise<void> {
    await this.#dispatcher.drain({ signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
    const runner = this.#runner;
    if (runner === undefined) return;
    const keys = new Set([...this.#heldKeys(), ...runner.touched()]);
    await Promise.all(
      [...keys].map((key) =>
        this.#release(runner, key, signal).catch((error) => {
          if (!signal.aborted) log.warn("not released", { service: key, error: errorText(error) });
        })
      ),
    );
    await this.#recorder?.flushed();
  }

  /** Gives the addresses back of a cluster whose data path is gone with its nodes. */
  forget(): void {
    const { cluster, ledger } = this.#options;
    for (const key of [...this.#heldKeys()]) {
      this.#starved.released(ledger.settle(`${cluster}/${key}`, []));
    }
  }

  /** Addresses of a ledger came free, here or in another cluster: who found none tries again. */
  addressesFreed(settled: Settled, ledger: Ledger): void {
    this.#starved.addressesFreed(settled, ledger);
  }

  /** Ends the watches and workers; the data path stays as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher.drain({ signal: AbortSignal.timeout(1_000) });
    await this.#pool.drain(AbortSignal.timeout(drainTime));
    this.#stop.abort();
    await Promise.all(this.#routes.map((routes) => routes.disconnect()));
    await this.#session?.[Symbol.asyncDispose]();
    await this.#pool[Symbol.asyncDispose]();
  }

  #newRunner(writer: StatusWriter, recorder: EventRecorder): ServiceRunner {
    const { cluster, ledger, planes, clock, confirmed } = this.#options;
    return new ServiceRunner({
      cluster,
      ledger,
      clock,
      writer,
      recorder,
      store: this.#store,
      pods: this.#pods,
      pool: this.#pool,
      defaultPlane: planes[0],
      nodes: () => this.#relevant,
      starved: this.#starved,
      ...(confirmed === undefined ? {} : { confirmed }),
    });
  }

  #newRoutes(): readonly RouteController[] {
    const { cluster, ledger, clock, gatewayChannel: channel, ingress } = this.#options;
    const shared = {
      ...{ cluster, ledger, clock, pool: this.#pool, services: this.#store, random: Math.random },
      families: () => podFamilies(this.#nodes),
      add: (key: string, options?: AddOptions) => this.#dispatcher.add(key, options),
      starved: this.#starved,
    };
    return [
      ...(channel === undefined ? [] : [new GatewayController({ ...shared, channel })]),
      ...(ingress === undefined ? [] : [new IngressController({ ...shared, ...ingress })]),
    ];
  }

  #routesOf(key: string): RouteController | undefined {
    return this.#routes.find((routes) => routes.owns(key));
  }

  async #release(runner: ServiceRunner, key: string, signal: AbortSignal): Promise<void> {
    const routes = this.#routesOf(key);
    await (routes === undefined ? runner.release(key, signal) : routes.release(key, signal));
  }

  async #run(key: string, signal: AbortSignal, info: RunInfo) {
    const runner = this.#runner;
    if (runner === undefined) return { kind: "done" } as const;
    await this.#options.mayAllocate;
    const chance = this.#starved.begin(key);
    try {
      return await (this.#routesOf(key) ?? runner).run(key, signal, info);
    } finally {
      this.#starved.end(chance);
    }
  }

  #handlers(listed: Promise<void>): ApiHandlers {
    let live = false;
    const add = (key: string) => {
      if (live) this.#dispatcher.add(key);
      for (const routes of this.#routes) routes.serviceChanged(key);
    };
    const addAll = (keys: Iterable<string>) => {
      for (const key of keys) add(key);
    };
    const store = this.#store;
    return {
      services: {
        sync: (services) => addAll(store.syncServices(services)),
        applied: (service) => add(store.putService(service)),
        deleted: (service) => add(store.removeService(service)),
      },
      slices: {
        sync: (slices) => addAll(store.syncSlices(slices)),
        applied: (slice) => addAll(store.putSlice(slice)),
        deleted: (slice) => addAll(store.removeSlice(slice)),
      },
      pods: {
        sync: (pods) => this.#pods.sync(pods),
        applied: (pod) => this.#pods.applied(pod),
        deleted: (pod) => this.#pods.deleted(pod),
      },
      nodes: {
        sync: (nodes) => this.#syncNodes(nodes),
        applied: (node) => this.#putNode(node),
        deleted: ({ metadata }) => {
          this.#kubeNodes.delete(metadata.name);
          this.#nodesChanged();
        },
      },
      synced: () => {
        this.#restore();
        // nothing is given before all that Services and Gateways hold is known
        void listed.then(() => {
          live = true;
          for (const routes of this.#routes) routes.start();
          addAll(store.keys());
          addAll(this.#heldKeys());
          log.info("cluster is served", { cluster: this.#options.cluster });
        });
      },
    };
  }

  /**
   * Addresses that berth wrote into a status are that Service's, whatever happened meanwhile. Those
   * of a program that served it before (a proxy's container address) were that program's.
   */
  #restore(): void {
    const { cluster, ledger } = this.#options;
    for (const key of this.#store.keys()) {
      const service = this.#store.service(key);
      if (service === undefined || !wasOurs(service)) continue;
      if (ownership(service, { held: false }) !== "serve") continue;
      for (const { ip } of service.status?.loadBalancer?.ingress ?? []) {
        if (ip === undefined) continue;
        const kept = ledger.restore(`${cluster}/${key}`, ip, addressUse(service));
        if (!kept) log.warn("address has two holders, one gets another", { service: key, ip });
      }
    }
  }

  *#heldKeys(): Iterable<string> {
    const prefix = `${this.#options.cluster}/`;
    for (const key of this.#options.ledger.keys()) {
      if (key.startsWith(prefix)) yield key.slice(prefix.length);
    }
  }

  #syncNodes(nodes: readonly Node[]): void {
    this.#kubeNodes.clear();
    for (const node of nodes) this.#kubeNodes.set(node.metadata.name, node);
    this.#nodesChanged();
  }

  #putNode(node: Node): void {
    this.#kubeNodes.set(node.metadata.name, node);
    this.#nodesChanged();
  }

  /** Tells the workers, and plans every Service again only when a plan could differ. */
  #nodesChanged(): void {
    const nodes = nodeView(this.#containers, this.#kubeNodes);
    if (JSON.stringify(nodes) === JSON.stringify(this.#nodes)) return;
    this.#nodes = nodes;
    this.#pool.broadcast("plan-nodes", nodes);
    this.#pool.broadcast("nodes", nodes);
    const relevant = planRelevant(nodes);
    for (const routes of this.#routes) routes.nodesChanged();
    if (relevant === this.#relevant) return;
    this.#relevant = relevant;
    for (const key of this.#runner?.served() ?? []) this.#dispatcher.add(key);
    this.#starved.wakeAll();
  }

  #noticed(notice: WorkerNotice): void {
    const { cluster } = this.#options;
    if (notice.kind === "moved") {
      this.#runner?.moved(notice.served).catch((error) =>
        log.warn("status not written", { cluster, error: errorText(error) })
      );
      return;
    }
    log.warn("data path broken, applying again", { cluster, reason: notice.reason });
    const keys = notice.keys.map((key) => key.slice(cluster.length + 1));
    this.#applyAgain(keys.filter((key) => this.#routesOf(key) === undefined));
    for (const key of keys) this.#routesOf(key)?.applyAgain(`${cluster}/${key}`);
  }

  #workerLost(worker: number): void {
    const { cluster } = this.#options;
    log.warn("worker replaced", { cluster, worker });
    const keys = [...this.#runner?.served() ?? []];
    const lost = keys.filter((key) => this.#pool.workerOf(`${cluster}/${key}`) === worker);
    for (const routes of this.#routes) {
      for (const key of routes.carriedBy(worker)) {
        routes.applyAgain(key, { delayMs: lostWorkerDelay });
      }
    }
    this.#applyAgain(lost, lostWorkerDelay);
  }

  #applyAgain(keys: readonly string[], delayMs = 0): void {
    for (const key of keys) {
      this.#runner?.invalidate(key);
      this.#dispatcher.add(key, { delayMs });
    }
  }
}
