import { getLogger } from "@logtape/logtape";
import { addressAsk, Ledger, noPools, poolUse } from "../../addresses/mod.ts";
import { parsePoolConfig } from "../../pools/mod.ts";
import type { AddressUse, PoolConfig } from "../../addresses/types.ts";
import { type Clock, errorKind, errorText, isRetryable } from "../../core/mod.ts";
import type { RunResult } from "../../dispatch/mod.ts";
import {
  carriedAddresses,
  carriesOther,
  grantedAddresses,
  interfaceNote,
  type IpamContext,
  type IpamMode,
  type IpamNote,
  type IpamPlan,
  isForeign,
  isUnsure,
  needsUpdate,
  planService,
  problemNotes,
  usedAddresses,
  writeFailureNote,
} from "../../ipam/mod.ts";
import {
  decodeService,
  EventRecorder,
  type KubeClient,
  KubeError,
  objectKey,
  servicePath,
} from "../../kube/mod.ts";
import type { KubeObject, Node, Service } from "../../kube/types.ts";
import type { IpamMetrics } from "./ipam_metrics.ts";
import { KeyLoop } from "./key_loop.ts";
import { NodeAddresses, type NodeChange } from "./node_addresses.ts";
import { WaitingLine } from "./waiting_line.ts";

const log = getLogger(["berth", "ipam"]);

/** Longest time for the writes under way at the end; the Lease is held meanwhile, milliseconds. */
const lastWritesMs = 1_000;

/** The ConfigMap with the pools. */
export interface PoolMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Options of {@link IpamController}. */
export interface IpamControllerOptions {
  readonly client: Pick<KubeClient, "patch" | "create">;
  readonly mode: IpamMode;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly metrics: IpamMetrics;
  /** Services that are written at the same time. */
  readonly concurrency: number;
  random(): number;
}

/**
 * Gives addresses to Services. One event loop and one ledger: what is decided is reserved in the
 * same turn, before anything is written, so no address is given twice.
 */
export class IpamController {
  readonly #options: IpamControllerOptions;
  readonly #ledger = new Ledger([], { outside: "allow" });
  readonly #nodes = new NodeAddresses(this.#ledger);
  readonly #loop: KeyLoop;
  readonly #events: EventRecorder;
  readonly #services = new Map<string, Service>();
  /** Services as they were when they were last served. */
  readonly #served = new Map<string, Service>();
  /** Keys that wait until something becomes free. */
  readonly #waiting = new WaitingLine({
    wake: (key) => this.#loop.add(key),
    isFree: (address) => this.#ledger.offers(address),
  });
  /** Those of them that have an address, and would like one of another family beside it. */
  readonly #partial = new Set<string>();
  /** What was last told of a key, so that it is told once. */
  readonly #told = new Map<string, string>();
  /** Keys whose write was refused because a newer version is there, which the watch will bring. */
  readonly #outdated = new Set<string>();
  readonly #writes = new AbortController();
  #started = false;
  #namespaces: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map();
  #config: PoolConfig = noPools;
  #problems: ReadonlySet<string> = new Set();

  constructor(options: IpamControllerOptions) {
    const { client, clock, signal, mode, concurrency } = options;
    this.#options = options;
    this.#loop = new KeyLoop({
      ...{ clock, signal, concurrency },
      random: () => options.random(),
      backoff: { firstMs: 500, maxMs: 60_000 },
      serve: (key) => this.#serve(key),
    });
    this.#events = new EventRecorder({
      component: mode.loadBalancerClass === undefined
        ? "service-controller"
        : "service-lbc-controller",
      onError: (error) => log.warn("event not written", { error: errorText(error) }),
      ...{ client: client as KubeClient, clock, signal },
    });
    options.metrics.watch({
      usage: () => this.#ledger.usage(),
      conflicts: () => this.#ledger.conflicts().length,
      strays: () => this.#ledger.strays().length,
      waiting: () => this.#waiting.size - this.#partial.size,
      load: () => this.#loop.load,
    });
  }

  /**
   * Works until the signal aborts, and lets the writes under way end: one that is broken off may
   * still be carried out, after the next leader has looked at the Services.
   */
  async run(): Promise<void> {
    const { signal, clock } = this.#options;
    const done = new AbortController();
    signal.addEventListener("abort", () => {
      clock.sleep(lastWritesMs, done.signal).then(() => this.#writes.abort(), () => {});
    }, { signal: done.signal });
    await this.#loop.run();
    done.abort();
    await this.#events.flushed();
  }

  /** Services and pools are known: what is carried is taken note of, the oldest first. */
  start(): void {
    this.#started = true;
    const oldest = [...this.#services].sort(byAge);
    const { mode } = this.#options;
    const [sure = [], unsure = []] = [false, true].map((doubt) =>
      oldest.filter(([, one]) => isUnsure(one) === doubt)
    );
    for (const [key, one] of [...sure, ...unsure]) {
      this.#note(key, one, grantedAddresses(one, mode));
    }
    for (const [key] of oldest) this.#loop.add(key);
    this.#loop.setOpen(true);
  }

  /** Replaces every Service. */
  sync(services: readonly Service[]): void {
    const keys = new Set(services.map(objectKey));
    for (const key of this.#services.keys()) if (!keys.has(key)) this.#forget(key);
    for (const service of services) this.apply(service);
  }

  /** A Service is new or changed. */
  apply(service: Service): void {
    const key = objectKey(service);
    const before = this.#services.get(key);
    if (before !== undefined && isOlder(service, before)) return;
    if (before !== undefined && before.metadata.uid !== service.metadata.uid) this.#forget(key);
    this.#services.set(key, service);
    const moved = before === undefined || carriesOther(before, service);
    if (moved && this.#started) {
      this.#note(key, service, usedAddresses(service, this.#options.mode));
    }
    if (this.#outdated.delete(key) || moved || needsUpdate(before, service)) this.#loop.add(key);
  }

  /** A Service is gone. */
  remove(service: Service): void {
    this.#forget(objectKey(service));
  }

  /** Other pools. Nobody loses an address; who waited may get one now. */
  configure(map: PoolMap | undefined): void {
    const { config: read, problems } = parsePoolConfig(map?.data ?? {});
    // who deletes it forbids nobody to share, and allows nobody to go outside
    const config = map === undefined ? { ...this.#config, pools: [] } : read;
    for (const service of map === undefined ? [] : this.#served.values()) {
      const note = interfaceNote(service, this.#config, config);
      if (note !== undefined) this.#record(service, note);
    }
    this.#config = config;
    this.#ledger.configure(config.pools, { outside: config.outside });
    const notes = problemNotes(problems);
    for (const note of notes.filter(({ message }) => !this.#problems.has(message))) {
      log.warn("pool configuration", { problem: note.message });
      if (map !== undefined) this.#events.record({ ...map, kind: "ConfigMap" }, note);
    }
    this.#problems = new Set(notes.map(({ message }) => message));
    this.#options.metrics.problems(problems.length);
    // those that are served are told when their addresses have left the pools
    for (const key of this.#services.keys()) this.#loop.add(key);
  }

  /** Replaces every node: what a node has is given to nobody. */
  syncNodes(nodes: readonly Node[]): void {
    this.#nodesChanged(this.#nodes.sync(nodes));
  }

  /** A node is new or changed. */
  applyNode(node: Node): void {
    this.#nodesChanged(this.#nodes.apply(node));
  }

  /** A node is gone. */
  removeNode(node: Node): void {
    this.#nodesChanged(this.#nodes.remove(node));
  }

  /** Who has an address of a node keeps it, and is told. */
  #nodesChanged({ freed, clashes }: NodeChange): void {
    for (const key of clashes) this.#loop.add(key);
    for (const address of freed) this.#waiting.freed(address);
  }

  /** Labels of the namespaces, where pools select by them. */
  label(namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>): void {
    this.#namespaces = namespaces;
    this.#waiting.wakeAll();
  }

  async #serve(key: string): Promise<RunResult> {
    const service = this.#services.get(key);
    if (service === undefined) return { kind: "done" };
    const chance = this.#waiting.begin(key);
    this.#renew(key, service);
    const plan = planService(service, this.#context(key, service));
    const started = this.#options.clock.now();
    try {
      const carriedOut = this.#carryOut(plan, { key, service });
      // what it takes it has taken in this turn, though the write is under way
      this.#waiting.end(chance);
      await carriedOut;
      if (plan.kind === "serve") this.#servedAt(started, plan);
      return { kind: "done" };
    } catch (error) {
      return this.#failed(error, service);
    }
  }

  #context(key: string, service: Service): IpamContext {
    const { mode } = this.#options;
    const namespace = service.metadata.namespace ?? "default";
    return {
      ...{ key, mode, config: this.#config, ledger: this.#ledger },
      namespaceLabels: this.#namespaces.get(namespace) ?? {},
      served: this.#served.get(key),
    };
  }

  async #carryOut(plan: IpamPlan, { key, service }: Target): Promise<void> {
    const isPartial = plan.kind === "serve" && plan.isPartial;
    if (isPartial) this.#partial.add(key);
    else this.#partial.delete(key);
    if (isPartial || plan.kind === "wait") this.#waiting.add(key);
    else this.#waiting.delete(key);
    switch (plan.kind) {
      case "leave":
        this.#served.delete(key);
        return this.#keep(key, carriedAddresses(service));
      case "release": {
        const answer = await this.#patch(service, plan.patch);
        // also when the watch was faster to say that it is gone
        this.#tell(service, plan.notes);
        if (answer === undefined) return;
        this.#served.delete(key);
        return this.#keep(key, carriedAddresses(answer));
      }
      case "wait":
        this.#tell(service, plan.notes);
        if (plan.patch !== undefined) await this.#patch(service, plan.patch);
        return;
      case "serve": {
        const { addresses, use, patch, notes } = plan;
        const committed = this.#ledger.commit(key, addresses, use);
        if (!committed.ok) {
          this.#waiting.add(key);
          this.#partial.delete(key);
          return this.#tell(service, [writeFailureNote(committed.message)]);
        }
        const answer = patch === undefined ? service : await this.#patch(service, patch);
        if (answer === undefined) return;
        this.#tell(service, notes);
        this.#served.set(key, answer);
        this.#keep(key, [...addresses, ...carriedAddresses(answer)]);
      }
    }
  }

  /** Takes note of what a Service has; what others have stays theirs. */
  #note(key: string, service: Service, addresses: readonly string[]): void {
    const use = this.#useOf(key, service);
    const held = this.#ledger.held(key);
    for (const address of addresses) {
      if (!held.includes(address)) this.#ledger.restore(key, address, use);
    }
  }

  /** Others may share what it has, whatever becomes of its own wish. */
  #renew(key: string, service: Service): void {
    if (!this.#ledger.renew(key, this.#useOf(key, service))) return;
    for (const address of this.#ledger.held(key)) this.#waiting.freed(address);
  }

  #useOf(key: string, service: Service): AddressUse {
    const use = poolUse(this.#config, addressAsk(service, { key }));
    return isForeign(service, this.#options.mode) ? { ...use, foreign: true } : use;
  }

  /** Lets go of what a key holds beyond these addresses, and serves who waits for it. */
  #keep(key: string, addresses: readonly string[]): void {
    const { freed, holders } = this.#ledger.settle(key, addresses);
    for (const holder of holders) if (this.#waiting.has(holder)) this.#loop.add(holder);
    for (const address of freed) this.#waiting.freed(address);
  }

  #forget(key: string): void {
    this.#services.delete(key);
    this.#served.delete(key);
    this.#told.delete(key);
    this.#waiting.delete(key);
    this.#partial.delete(key);
    this.#outdated.delete(key);
    this.#keep(key, []);
  }

  /** The Service as it is then; undefined when it is gone, or another one has its name. */
  async #patch(service: Service, patch: unknown): Promise<Service | undefined> {
    const { client } = this.#options;
    const { signal } = this.#writes;
    const path = servicePath(objectKey(service));
    try {
      const answer = await client.patch(path, patch, { type: "strategic-merge", signal });
      const written = decodeService(answer);
      const key = objectKey(service);
      const known = this.#services.get(key);
      if (known?.metadata.uid !== written.metadata.uid) return undefined;
      if (!isOlder(written, known)) this.#services.set(key, written);
      return written;
    } catch (error) {
      if (error instanceof KubeError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  #tell(service: Service, notes: readonly IpamNote[]): void {
    const key = objectKey(service);
    const text = notes.map(({ reason, message }) => `${reason} ${message}`).join("\n");
    const isThere = this.#services.get(key)?.metadata.uid === service.metadata.uid;
    const before = isThere ? this.#told.get(key) : undefined;
    if (isThere) this.#told.set(key, text);
    if (text === before) return;
    for (const note of notes) this.#record(service, note);
  }

  #record(service: Service, note: IpamNote): void {
    this.#events.record(service, note);
    const write = note.type === "Warning" ? log.warn.bind(log) : log.info.bind(log);
    if (note.reason !== "EnsuringLoadBalancer") {
      write(note.message, { service: objectKey(service) });
    }
  }

  #servedAt(started: number, plan: IpamPlan & { readonly kind: "serve" }): void {
    if (plan.patch === undefined) return;
    this.#options.metrics.sync("ok", (this.#options.clock.now() - started) / 1000);
  }

  #failed(error: unknown, service: Service): RunResult {
    const { signal, metrics } = this.#options;
    if (signal.aborted) return { kind: "done" };
    const kind = errorKind(error);
    if (kind === "conflict") return this.#conflict(service);
    metrics.sync("error");
    this.#tell(service, [writeFailureNote(errorText(error))]);
    return { kind: "failed", retryable: isRetryable(kind) };
  }

  /** Somebody else changed the Service: the newer one, here or on its way, is planned anew. */
  #conflict(service: Service): RunResult {
    const key = objectKey(service);
    const known = this.#services.get(key);
    if (known === undefined || known !== service) return { kind: "requeueAfter", ms: 0 };
    this.#outdated.add(key);
    return { kind: "requeueAfter", ms: 1_000 };
  }
}

interface Target {
  readonly key: string;
  readonly service: Service;
}

function byAge([a, one]: readonly [string, Service], [b, two]: readonly [string, Service]): number {
  const [older, younger] = [one, two].map(({ metadata }) => metadata.creationTimestamp ?? "");
  return (older ?? "").localeCompare(younger ?? "") || a.localeCompare(b);
}

/** Versions of one resource grow (KEP-5504); an answer to a write may overtake its watch event. */
function isOlder(one: Service, other: Service): boolean {
  return Number(one.metadata.resourceVersion) < Number(other.metadata.resourceVersion);
}
